namespace Orleans.StatefulSets.Reconciliation.Scheduling;

/// <summary>
/// What a pod prefers, as the default profile weighs it: TaintToleration 3, NodeAffinity 2, PodTopologySpread 2, InterPodAffinity 2, each
/// brought to 0–100 over the nodes that will do. How full a node is decides among equals.
/// </summary>
internal static class NodeScores
{
    private const int Most = 100;

    /// <summary>Whether anything is preferred that needs all nodes compared; else room and the owner's other pods decide.</summary>
    public static bool Matter(SchedulingCycle cycle) =>
        cycle.Traits.Affinities.HasPreferences
        || cycle.Pod.Spec.Affinity?.NodeAffinity?.PreferredDuringSchedulingIgnoredDuringExecution is { Count: > 0 }
        || cycle.Pod.Spec.TopologySpreadConstraints?.Any(constraint => constraint.WhenUnsatisfiable == "ScheduleAnyway") == true
        || cycle.Standing.Any(standing => !standing.Forbids);

    /// <summary>A score for each of the rooms.</summary>
    public static int[] Of(SchedulingCycle cycle, IReadOnlyList<NodeRoom> rooms)
    {
        var taints = Inverted([.. rooms.Select(room => Taints.CountUnwelcome(cycle.Pod, room.Node!))]);
        var affinity = Scaled([.. rooms.Select(room => NodeSelectors.PreferredWeight(cycle.Pod, room.Node!))]);
        var spread = SpreadScore.Of(cycle, rooms);
        var pods = Stretched(InterPodScores(cycle, rooms));
        return [.. rooms.Select((_, index) => (3 * taints[index]) + (2 * affinity[index]) + (2 * spread[index]) + (2 * pods[index]))];
    }

    /// <summary>The best gets all, the others in proportion (<c>DefaultNormalizeScore</c>).</summary>
    internal static int[] Scaled(int[] scores)
    {
        var max = scores.Max();
        return max == 0 ? scores : [.. scores.Select(score => score * Most / max)];
    }

    /// <summary>The same where little is good.</summary>
    internal static int[] Inverted(int[] scores) => [.. Scaled(scores).Select(score => Most - score)];

    /// <summary>From the least to the most (the plugin's own NormalizeScore).</summary>
    internal static int[] Stretched(long[] scores)
    {
        var (min, max) = (scores.Min(), scores.Max());
        return [.. scores.Select(score => max == min ? 0 : (int)(Most * (double)(score - min) / (max - min)))];
    }

    private static long[] InterPodScores(SchedulingCycle cycle, IReadOnlyList<NodeRoom> rooms)
    {
        var known = cycle.Cluster.Namespaces;
        List<(TopologyCounts Counts, int Score)> parts = [];
        foreach (var (term, score) in cycle.Traits.Affinities.Preferred.Select(term => (term, term.Weight))
            .Concat(cycle.Traits.Affinities.PreferredAnti.Select(term => (term, -term.Weight))))
        {
            var byNode = cycle.Cluster.Count(PodQuery.OfTerms([term.Resolve(known)], known));
            parts.Add((TopologyCounts.Of(term.TopologyKey, byNode, cycle.Cluster.Node), score));
        }

        foreach (var standing in cycle.Standing.Where(standing => !standing.Forbids))
        {
            parts.Add((TopologyCounts.Of(standing.Term.TopologyKey, standing.ByNode, cycle.Cluster.Node), standing.Score));
        }

        return [.. rooms.Select(room => parts.Sum(part => (long)part.Counts.At(room.Node!) * part.Score))];
    }
}
