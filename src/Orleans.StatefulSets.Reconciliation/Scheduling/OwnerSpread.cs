namespace Orleans.StatefulSets.Reconciliation.Scheduling;

/// <summary>How the pods of each owner lie over the nodes, and the fewest that any node has: the best that a search can find.</summary>
internal sealed class OwnerSpread
{
    private static readonly Dictionary<string, int> NoNodes = [];

    private readonly Dictionary<string, Counts> owners = new(StringComparer.Ordinal);

    public int On(string owner, string node) => owners.TryGetValue(owner, out var counts) ? counts.ByNode.GetValueOrDefault(node) : 0;

    /// <summary>How many of the owner's pods are on each node.</summary>
    public IReadOnlyDictionary<string, int> ByNode(string owner) => owners.TryGetValue(owner, out var counts) ? counts.ByNode : NoNodes;

    /// <summary>
    /// The owner's pods on the node that has fewest of them: a search may end there. Pods left on a node that is gone can make it
    /// too high; the pod then goes to a node that is good, not best.
    /// </summary>
    /// <param name="owner">The owner.</param>
    /// <param name="nodes">How many nodes there are; some may have none of the owner's pods.</param>
    public int Fewest(string owner, int nodes) =>
        owners.TryGetValue(owner, out var counts) && counts.ByNode.Count >= nodes ? counts.NodesByCount.Keys[0] : 0;

    public void Move(string owner, string node, int change)
    {
        if (!owners.TryGetValue(owner, out var counts))
        {
            owners.Add(owner, counts = new Counts());
        }

        var before = counts.ByNode.GetValueOrDefault(node);
        var after = before + change;
        Count(counts.NodesByCount, before, -1);
        Count(counts.NodesByCount, after, 1);
        if (after > 0)
        {
            counts.ByNode[node] = after;
        }
        else if (counts.ByNode.Remove(node) && counts.ByNode.Count == 0)
        {
            owners.Remove(owner);
        }
    }

    private static void Count(SortedList<int, int> nodesByCount, int count, int change)
    {
        if (count == 0)
        {
            return;
        }

        var nodes = nodesByCount.GetValueOrDefault(count) + change;
        if (nodes > 0)
        {
            nodesByCount[count] = nodes;
        }
        else
        {
            nodesByCount.Remove(count);
        }
    }

    private sealed class Counts
    {
        public Dictionary<string, int> ByNode { get; } = new(StringComparer.Ordinal);

        // Few entries: an even spread has one or two counts.
        public SortedList<int, int> NodesByCount { get; } = [];
    }
}
