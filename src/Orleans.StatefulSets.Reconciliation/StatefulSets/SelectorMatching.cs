using k8s.Models;

namespace Orleans.StatefulSets.Reconciliation.StatefulSets;

/// <summary>Whether labels match a LabelSelector (apimachinery <c>labels.Selector</c>); an empty selector matches everything.</summary>
internal static class SelectorMatching
{
    internal static bool Matches(V1LabelSelector selector, IDictionary<string, string>? labels) =>
        (selector.MatchLabels is null || selector.MatchLabels.All(pair => Value(labels, pair.Key) == pair.Value))
        && (selector.MatchExpressions is null || selector.MatchExpressions.All(requirement => Meets(requirement, Value(labels, requirement.Key))));

    private static bool Meets(V1LabelSelectorRequirement requirement, string? value) => requirement.OperatorProperty switch
    {
        "In" => value is not null && requirement.Values.Contains(value),
        "NotIn" => value is null || !requirement.Values.Contains(value),
        "Exists" => value is not null,
        "DoesNotExist" => value is null,
        _ => false,
    };

    private static string? Value(IDictionary<string, string>? labels, string key) =>
        labels is not null && labels.TryGetValue(key, out var value) ? value : null;
}
