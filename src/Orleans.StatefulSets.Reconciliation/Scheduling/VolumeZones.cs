using k8s.Models;

namespace Orleans.StatefulSets.Reconciliation.Scheduling;

/// <summary>Where volumes are and may be made: labels of zones (<c>plugins/volumezone</c>) and a class's allowedTopologies.</summary>
internal static class VolumeZones
{
    private const string Separator = "__";

    // The label as it is now, and as it was: either of them on the node will do.
    private static readonly (string Label, string Other)[] Labels =
    [
        ("topology.kubernetes.io/zone", "failure-domain.beta.kubernetes.io/zone"),
        ("topology.kubernetes.io/region", "failure-domain.beta.kubernetes.io/region"),
        ("failure-domain.beta.kubernetes.io/zone", "topology.kubernetes.io/zone"),
        ("failure-domain.beta.kubernetes.io/region", "topology.kubernetes.io/region"),
    ];

    /// <summary>Whether a node is in the zone and the region of a bound volume. A node without any such label is everywhere.</summary>
    public static bool Allow(IDictionary<string, string>? volumeLabels, V1Node node)
    {
        if (volumeLabels is null || !Array.Exists(Labels, pair => NodeSelectors.Label(node, pair.Label) is not null))
        {
            return true;
        }

        foreach (var (label, other) in Labels)
        {
            if (volumeLabels.TryGetValue(label, out var zones)
                && (NodeSelectors.Label(node, label) ?? NodeSelectors.Label(node, other)) is var zone
                && (zone is null || !zones.Split(Separator).Contains(zone)))
            {
                return false;
            }
        }

        return true;
    }

    /// <summary>MatchTopologySelectorTerms: no terms is anywhere; terms are alternatives, and all expressions of one must hold.</summary>
    public static bool IsAllowed(IList<V1TopologySelectorTerm>? terms, V1Node node) => terms is not { Count: > 0 }
        || terms.Any(term => (term.MatchLabelExpressions ?? []).All(expression =>
            NodeSelectors.Label(node, expression.Key) is { } value && expression.Values.Contains(value)));
}
