namespace Orleans.StatefulSets.Reconciliation.Scheduling;

/// <summary>Things that select by labels, filed under a label that each insists on: a pod asks those that may mean it, not all.</summary>
internal sealed class LabelBuckets<T>
    where T : class
{
    private readonly Dictionary<(string Key, string Value), List<T>> byPair = [];
    private readonly List<T> others = [];

    public void Add((string Key, string Value)? pair, T item)
    {
        if (pair is not { } label)
        {
            others.Add(item);
            return;
        }

        if (!byPair.TryGetValue(label, out var bucket))
        {
            byPair.Add(label, bucket = []);
        }

        bucket.Add(item);
    }

    public void Remove((string Key, string Value)? pair, T item)
    {
        if (pair is not { } label)
        {
            others.Remove(item);
        }
        else if (byPair.TryGetValue(label, out var bucket) && bucket.Remove(item) && bucket.Count == 0)
        {
            byPair.Remove(label);
        }
    }

    /// <summary>All that may mean something with these labels, each once.</summary>
    public IEnumerable<T> For(IDictionary<string, string>? labels)
    {
        if (byPair.Count > 0)
        {
            foreach (var (key, value) in labels ?? new Dictionary<string, string>())
            {
                foreach (var item in byPair.GetValueOrDefault((key, value)) ?? [])
                {
                    yield return item;
                }
            }
        }

        foreach (var item in others)
        {
            yield return item;
        }
    }
}
