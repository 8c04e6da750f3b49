namespace Orleans.StatefulSets.Reconciliation.Scheduling;

/// <summary>The labels of namespaces, for the terms that select by them.</summary>
internal sealed class Namespaces
{
    private readonly Dictionary<string, (IDictionary<string, string>? Labels, long Version)> known = new(StringComparer.Ordinal);

    public IDictionary<string, string>? LabelsOf(string name) => known.GetValueOrDefault(name).Labels;

    public IEnumerable<string> Selected(PodSelector selector) => known.Where(pair => selector.Matches(pair.Value.Labels)).Select(pair => pair.Key);

    public void Set(string name, IDictionary<string, string>? labels, long version)
    {
        if (!known.TryGetValue(name, out var before) || before.Version < version)
        {
            known[name] = (labels, version);
        }
    }

    public void Remove(string name) => known.Remove(name);
}
