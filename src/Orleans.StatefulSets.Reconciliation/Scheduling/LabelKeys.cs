using k8s.Models;

namespace Orleans.StatefulSets.Reconciliation.Scheduling;

/// <summary>The requirements that matchLabelKeys and mismatchLabelKeys stand for: the pod's own value of each key.</summary>
internal static class LabelKeys
{
    /// <param name="pod">The pod whose labels give the values; a key that it has not is passed over.</param>
    /// <param name="keys">The keys, or null.</param>
    /// <param name="operation"><c>In</c> or <c>NotIn</c>.</param>
    public static IReadOnlyList<V1LabelSelectorRequirement> Requirements(V1Pod pod, IList<string>? keys, string operation) => keys is not { Count: > 0 } || pod.Metadata.Labels is not { } labels
        ? []
        : [.. keys.Where(labels.ContainsKey).Select(key => new V1LabelSelectorRequirement { Key = key, OperatorProperty = operation, Values = [labels[key]] })];
}
