using k8s.Models;

namespace Orleans.StatefulSets.Reconciliation.StatefulSets;

/// <summary>Builds the claims of a set's ordinals, as upstream's <c>getPersistentVolumeClaims</c> does.</summary>
public static class StatefulSetClaims
{
    /// <summary>The claim of a template and an ordinal, without owner references: those follow once the pod is there.</summary>
    public static V1PersistentVolumeClaim New(V1StatefulSet set, V1PersistentVolumeClaim template, int ordinal) => new()
    {
        ApiVersion = "v1",
        Kind = "PersistentVolumeClaim",
        Metadata = new V1ObjectMeta
        {
            Name = StatefulSetNames.Claim(set.Metadata.Name, template.Metadata.Name, ordinal),
            NamespaceProperty = set.Metadata.NamespaceProperty,
            Labels = Labels(set, template),
            Annotations = template.Metadata.Annotations is { Count: > 0 } annotations ? new Dictionary<string, string>(annotations) : null,
            Finalizers = template.Metadata.Finalizers is { Count: > 0 } finalizers ? [.. finalizers] : null,
        },
        Spec = template.Spec,
    };

    private static Dictionary<string, string>? Labels(V1StatefulSet set, V1PersistentVolumeClaim template)
    {
        var labels = new Dictionary<string, string>(template.Metadata.Labels ?? new Dictionary<string, string>());
        foreach (var pair in set.Spec.Selector.MatchLabels ?? new Dictionary<string, string>())
        {
            labels[pair.Key] = pair.Value;
        }

        return labels.Count == 0 ? null : labels;
    }
}
