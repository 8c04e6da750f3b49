using k8s.Models;

namespace Orleans.StatefulSets.Reconciliation.Scheduling;

/// <summary>A number for each value of a topology key.</summary>
internal sealed class TopologyCounts(string key)
{
    private readonly Dictionary<string, int> byValue = new(StringComparer.Ordinal);

    public string Key { get; } = key;

    public bool IsEmpty => byValue.Count == 0;

    /// <param name="key">The topology key.</param>
    /// <param name="byNode">A number for each node's name.</param>
    /// <param name="nodes">Finds a node; one that is gone is in no topology.</param>
    public static TopologyCounts Of(string key, IReadOnlyDictionary<string, int> byNode, Func<string, V1Node?> nodes)
    {
        var counts = new TopologyCounts(key);
        foreach (var (name, count) in byNode)
        {
            if (nodes(name) is { } node)
            {
                counts.Move(node, count);
            }
        }

        return counts;
    }

    /// <summary>The number of the node's topology; 0 where it has none.</summary>
    public int At(V1Node node) => NodeSelectors.Label(node, Key) is { } value ? byValue.GetValueOrDefault(value) : 0;

    public void Move(V1Node node, int change)
    {
        if (NodeSelectors.Label(node, Key) is not { } value)
        {
            return;
        }

        var count = byValue.GetValueOrDefault(value) + change;
        if (count == 0)
        {
            byValue.Remove(value);
        }
        else
        {
            byValue[value] = count;
        }
    }
}
