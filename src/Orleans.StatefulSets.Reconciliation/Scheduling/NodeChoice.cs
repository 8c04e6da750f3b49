namespace Orleans.StatefulSets.Reconciliation.Scheduling;

/// <summary>Which of the nodes that will do a pod gets.</summary>
internal static class NodeChoice
{
    /// <param name="cycle">The pod's turn.</param>
    /// <param name="nominatedNode">The node that was freed for it: tried first, and taken if it will do.</param>
    /// <param name="refusals">Filled with every node's refusal where none will do.</param>
    public static NodeRoom? Best(SchedulingCycle cycle, string? nominatedNode, List<(NodeRoom Room, NodeRefusal Refusal)> refusals)
    {
        if (nominatedNode is not null && cycle.Cluster.Find(nominatedNode) is { } nominated && cycle.Refuse(nominated) is null)
        {
            return nominated;
        }

        return NodeScores.Matter(cycle) ? Preferred(cycle, refusals) : Roomiest(cycle, refusals);
    }

    private static NodeRoom? Preferred(SchedulingCycle cycle, List<(NodeRoom Room, NodeRefusal Refusal)> refusals)
    {
        List<NodeRoom> feasible = [];
        foreach (var room in cycle.Cluster.Ranked)
        {
            if (cycle.Refuse(room) is { } refusal)
            {
                refusals.Add((room, refusal));
            }
            else
            {
                feasible.Add(room);
            }
        }

        if (feasible.Count == 0)
        {
            return null;
        }

        // The ranking's order decides among equals: the first of the best is taken.
        var scores = NodeScores.Of(cycle, feasible);
        return feasible[Array.IndexOf(scores, scores.Max())];
    }

    // Fewest unwelcome taints, then fewest pods of the same owner wins, the ranking decides among equals; a node without such taints and
    // with as few as any node has ends the search.
    private static NodeRoom? Roomiest(SchedulingCycle cycle, List<(NodeRoom Room, NodeRefusal Refusal)> refusals)
    {
        var owner = cycle.Traits.Owner;
        var fewest = cycle.Cluster.Owners.Fewest(owner, cycle.Cluster.Size);
        NodeRoom? best = null;
        var bestCount = (Taints: int.MaxValue, Pods: int.MaxValue);
        foreach (var room in cycle.Cluster.Ranked)
        {
            var count = (Taints: Taints.CountUnwelcome(cycle.Pod, room.Node!), Pods: cycle.Cluster.Owners.On(owner, room.Name));
            if (count.CompareTo(bestCount) >= 0)
            {
                continue;
            }

            if (cycle.Refuse(room) is { } refusal)
            {
                refusals.Add((room, refusal));
                continue;
            }

            (best, bestCount) = (room, count);
            if (count.Taints == 0 && count.Pods <= fewest)
            {
                break;
            }
        }

        return best;
    }
}
