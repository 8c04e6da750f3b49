using k8s.Models;

namespace Orleans.StatefulSets.Reconciliation.Scheduling;

/// <summary>The filter of the PodTopologySpread plugin (<c>plugins/podtopologyspread/filtering.go</c>) for one pod's turn.</summary>
internal sealed class PodTopologySpread
{
    private const string Mismatch = "node(s) didn't match pod topology spread constraints";

    private readonly V1Pod pod;
    private readonly PodTraits traits;
    private readonly IReadOnlyList<SpreadConstraint> constraints;
    private readonly Dictionary<string, int>[] domains;
    private readonly int?[] fewest;

    public PodTopologySpread(V1Pod pod, PodTraits traits, ClusterPods cluster)
    {
        (this.pod, this.traits) = (pod, traits);
        constraints = SpreadConstraint.Of(pod, "DoNotSchedule");
        domains = [.. constraints.Select(_ => new Dictionary<string, int>(StringComparer.Ordinal))];
        fewest = new int?[constraints.Count];
        if (constraints.Count == 0)
        {
            return;
        }

        var counts = constraints.Select(constraint => cluster.Count(PodQuery.OfSpread(traits.Namespace, constraint.Selector))).ToList();
        foreach (var node in cluster.Nodes)
        {
            Each(node, (index, value) => domains[index][value] = domains[index].GetValueOrDefault(value) + counts[index].GetValueOrDefault(node.Metadata.Name));
        }
    }

    /// <summary>On each node: matching pods in its domain, and this one if it matches, less the fewest of any domain, is at most maxSkew.</summary>
    public NodeRefusal? Refuse(V1Node node)
    {
        for (var index = 0; index < constraints.Count; index++)
        {
            var constraint = constraints[index];
            if (NodeSelectors.Label(node, constraint.TopologyKey) is not { } value)
            {
                return NodeRefusal.Lasting($"{Mismatch} (missing required label)");
            }

            var self = constraint.Selector.Matches(traits.Labels) ? 1 : 0;
            if (domains[index].GetValueOrDefault(value) + self - Fewest(index) > constraint.MaxSkew)
            {
                return NodeRefusal.Passing(Mismatch);
            }
        }

        return null;
    }

    /// <summary>As if a pod were there, or were not (preemption's trial).</summary>
    public void Move(PodTraits other, V1Node node, int change)
    {
        if (constraints.Count == 0 || other.IsTerminating || other.Namespace != traits.Namespace)
        {
            return;
        }

        Each(node, (index, value) =>
        {
            if (!constraints[index].Selector.IsEmpty && constraints[index].Selector.Matches(other.Labels))
            {
                domains[index][value] = domains[index].GetValueOrDefault(value) + change;
                fewest[index] = null;
            }
        });
    }

    // With fewer domains than minDomains the fewest is taken for 0.
    private int Fewest(int index) => fewest[index] ??=
        domains[index].Count == 0 || domains[index].Count < constraints[index].MinDomains ? 0 : domains[index].Values.Min();

    private void Each(V1Node node, Action<int, string> count)
    {
        if (!SpreadConstraint.HasAllKeys(constraints, node))
        {
            return;
        }

        for (var index = 0; index < constraints.Count; index++)
        {
            if (constraints[index].Includes(pod, node))
            {
                count(index, NodeSelectors.Label(node, constraints[index].TopologyKey)!);
            }
        }
    }
}
