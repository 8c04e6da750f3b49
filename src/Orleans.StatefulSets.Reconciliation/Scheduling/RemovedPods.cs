namespace Orleans.StatefulSets.Reconciliation.Scheduling;

/// <summary>
/// The versions at which pods went, so that a revision that comes late doesn't bring one back. The last few thousand: what comes
/// later than that was lost, not late.
/// </summary>
internal sealed class RemovedPods
{
    private const int Remembered = 4096;

    private readonly Dictionary<(string Namespace, string Name), long> versions = [];
    private readonly Queue<((string Namespace, string Name) Key, long Version)> order = new();

    public void Add((string Namespace, string Name) key, long version)
    {
        versions[key] = Math.Max(version, versions.GetValueOrDefault(key));
        order.Enqueue((key, version));
        if (order.Count > Remembered)
        {
            var (oldest, at) = order.Dequeue();
            if (versions.GetValueOrDefault(oldest) == at)
            {
                versions.Remove(oldest);
            }
        }
    }

    public bool IsNewer((string Namespace, string Name) key, long version) => versions.TryGetValue(key, out var gone) && gone >= version;
}
