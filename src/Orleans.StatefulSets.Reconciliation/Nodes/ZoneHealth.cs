using k8s.Models;

namespace Orleans.StatefulSets.Reconciliation.Nodes;

/// <summary>
/// Whether pods may be evicted from lost nodes: not when so many are lost that the fault is more likely the control plane's
/// (<c>ComputeZoneState</c> and <c>handleDisruption</c> of the node lifecycle controller; https://kubernetes.io/docs/concepts/architecture/nodes/#rate-limits-on-eviction).
/// </summary>
public static class ZoneHealth
{
    private const double UnhealthyThreshold = 0.55;
    private const int LargeCluster = 50;

    /// <summary>Whether the pods of one lost node may be evicted.</summary>
    /// <param name="lost">The node.</param>
    /// <param name="nodes">All nodes of the cluster, the lost one among them.</param>
    public static bool Evicts(V1Node lost, IEnumerable<V1Node> nodes)
    {
        var mine = ZoneOf(lost);
        var (ready, unready, anyZoneWorks) = (0, 0, false);
        foreach (var node in nodes)
        {
            var isReady = NodeConditions.IsReady(node);
            anyZoneWorks |= isReady;
            if (ZoneOf(node) == mine)
            {
                (ready, unready) = isReady ? (ready + 1, unready) : (ready, unready + 1);
            }
        }

        // With every zone down nothing is evicted; with a part of a small zone down it waits, a large one goes on more slowly.
        var isPartlyDown = ready > 0 && unready > 2 && unready >= UnhealthyThreshold * (ready + unready);
        return anyZoneWorks && !(isPartlyDown && ready + unready <= LargeCluster);
    }

    private static (string? Region, string? Zone) ZoneOf(V1Node node) =>
        (Label(node, "topology.kubernetes.io/region"), Label(node, "topology.kubernetes.io/zone"));

    private static string? Label(V1Node node, string key) => node.Metadata.Labels is { } labels && labels.TryGetValue(key, out var value) ? value : null;
}
