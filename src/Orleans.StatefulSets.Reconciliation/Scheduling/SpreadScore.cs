using k8s.Models;

namespace Orleans.StatefulSets.Reconciliation.Scheduling;

/// <summary>
/// The score of the PodTopologySpread plugin (<c>plugins/podtopologyspread/scoring.go</c>): the pod's ScheduleAnyway constraints, or, where
/// it has none of any kind, the default ones over the pods of its owner (hostname with maxSkew 3, zone with maxSkew 5).
/// </summary>
internal static class SpreadScore
{
    private const string Hostname = "kubernetes.io/hostname";
    private const string Zone = "topology.kubernetes.io/zone";

    public static int[] Of(SchedulingCycle cycle, IReadOnlyList<NodeRoom> rooms)
    {
        var own = cycle.Pod.Spec.TopologySpreadConstraints is { Count: > 0 };
        var constraints = own ? SpreadConstraint.Of(cycle.Pod, "ScheduleAnyway") : [Default(Hostname, 3), Default(Zone, 5)];
        if (constraints.Count == 0)
        {
            return new int[rooms.Count];
        }

        var ignored = rooms.Select(room => own && !SpreadConstraint.HasAllKeys(constraints, room.Node!)).ToArray();
        var sums = new double[rooms.Count];
        foreach (var constraint in constraints)
        {
            var count = Counter(cycle, constraints, constraint, own);
            var values = rooms.Where((_, index) => !ignored[index]).Select(room => NodeSelectors.Label(room.Node!, constraint.TopologyKey)).ToList();
            var weight = Math.Log((constraint.TopologyKey == Hostname ? values.Count : values.Distinct().Count()) + 2);
            for (var index = 0; index < rooms.Count; index++)
            {
                if (!ignored[index] && NodeSelectors.Label(rooms[index].Node!, constraint.TopologyKey) is not null)
                {
                    sums[index] += (count(rooms[index].Node!) * weight) + (constraint.MaxSkew - 1);
                }
            }
        }

        return Normalized([.. sums.Select(sum => (long)Math.Round(sum, MidpointRounding.AwayFromZero))], ignored);
    }

    private static SpreadConstraint Default(string key, int maxSkew) => new(key, maxSkew, 1, PodSelector.Of(null), HonorsAffinity: true, HonorsTaints: false);

    // A node is its own hostname; of wider topologies only the nodes that the constraint includes are counted.
    private static Func<V1Node, int> Counter(SchedulingCycle cycle, IReadOnlyList<SpreadConstraint> constraints, SpreadConstraint constraint, bool own)
    {
        var byNode = own ? cycle.Cluster.Count(PodQuery.OfSpread(cycle.Traits.Namespace, constraint.Selector)) : cycle.Cluster.Owners.ByNode(cycle.Traits.Owner);
        if (constraint.TopologyKey == Hostname)
        {
            return node => byNode.GetValueOrDefault(node.Metadata.Name);
        }

        var counts = TopologyCounts.Of(constraint.TopologyKey, byNode, name => cycle.Cluster.Node(name) is { } node
            && (!own || SpreadConstraint.HasAllKeys(constraints, node)) && constraint.Includes(cycle.Pod, node) ? node : null);
        return counts.At;
    }

    private static int[] Normalized(long[] scores, bool[] ignored)
    {
        var counted = scores.Where((_, index) => !ignored[index]).DefaultIfEmpty(0).ToList();
        var (min, max) = (counted.Min(), counted.Max());
        return [.. scores.Select((score, index) => ignored[index] ? 0 : max == 0 ? 100 : (int)(100 * (max + min - score) / max))];
    }
}
