using k8s.Models;

namespace Orleans.StatefulSets.Reconciliation.Scheduling;

/// <summary>One of a pod's topologySpreadConstraints with its defaults (<c>plugins/podtopologyspread/common.go</c>).</summary>
internal sealed record SpreadConstraint(string TopologyKey, int MaxSkew, int MinDomains, PodSelector Selector, bool HonorsAffinity, bool HonorsTaints)
{
    /// <param name="pod">The pod.</param>
    /// <param name="action"><c>DoNotSchedule</c> or <c>ScheduleAnyway</c>.</param>
    public static IReadOnlyList<SpreadConstraint> Of(V1Pod pod, string action) => pod.Spec.TopologySpreadConstraints is not { Count: > 0 } constraints
        ? []
        : [.. constraints.Where(constraint => constraint.WhenUnsatisfiable == action).Select(constraint => new SpreadConstraint(
            constraint.TopologyKey,
            constraint.MaxSkew,
            constraint.MinDomains ?? 1,
            PodSelector.Of(constraint.LabelSelector, LabelKeys.Requirements(pod, constraint.MatchLabelKeys, "In")),
            constraint.NodeAffinityPolicy is null or "Honor",
            constraint.NodeTaintsPolicy == "Honor"))];

    /// <summary>Whether a node counts as a domain: nodeAffinityPolicy and nodeTaintsPolicy.</summary>
    public bool Includes(V1Pod pod, V1Node node) =>
        (!HonorsAffinity || NodeSelectors.Matches(pod, node)) && (!HonorsTaints || Taints.FirstUntolerated(pod, node) is null);

    public static bool HasAllKeys(IReadOnlyList<SpreadConstraint> constraints, V1Node node)
    {
        foreach (var constraint in constraints)
        {
            if (NodeSelectors.Label(node, constraint.TopologyKey) is null)
            {
                return false;
            }
        }

        return true;
    }
}
