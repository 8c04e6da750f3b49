using k8s.Models;
using Orleans.StatefulSets.Resources.Errors;
using Orleans.StatefulSets.Resources.Selectors;

namespace Orleans.StatefulSets.Reconciliation.Scheduling;

/// <summary>A label selector of a scheduling rule, made once from a spec: equal ones have equal texts, so that what is counted for one serves all.</summary>
internal sealed class PodSelector
{
    private readonly LabelSelector selector;

    private PodSelector(LabelSelector selector, string text, (string Key, string Value)? pair) => (this.selector, Text, Pair) = (selector, text, pair);

    /// <summary>The same for all selectors that ask the same.</summary>
    public string Text { get; }

    /// <summary>A label that everything selected has, or null: who has it not need not be asked.</summary>
    public (string Key, string Value)? Pair { get; }

    /// <summary>It asks nothing: everything matches.</summary>
    public bool IsEmpty => selector.IsEmpty;

    /// <summary>None at all matches nothing, as metav1's LabelSelectorAsSelector has it.</summary>
    /// <param name="spec">The selector as written.</param>
    /// <param name="further">What matchLabelKeys and mismatchLabelKeys add.</param>
    public static PodSelector Of(V1LabelSelector? spec, IReadOnlyList<V1LabelSelectorRequirement>? further = null)
    {
        if (spec is null)
        {
            return new PodSelector(LabelSelector.Nothing, "!", null);
        }

        var whole = further is { Count: > 0 } ? spec with { MatchExpressions = [.. spec.MatchExpressions ?? [], .. further] } : spec;
        try
        {
            return new PodSelector(LabelSelector.From(whole), TextOf(whole), PairOf(whole));
        }
        catch (ApiException)
        {
            // Validation keeps such a selector out; one that came from elsewhere selects nothing.
            return new PodSelector(LabelSelector.Nothing, "!", null);
        }
    }

    public bool Matches(IDictionary<string, string>? labels) => selector.Matches(labels);

    private static (string Key, string Value)? PairOf(V1LabelSelector spec)
    {
        if (spec.MatchLabels is { Count: > 0 } labels)
        {
            var (key, value) = labels.MinBy(pair => pair.Key, StringComparer.Ordinal);
            return (key, value);
        }

        var single = spec.MatchExpressions?.FirstOrDefault(expression => expression is { OperatorProperty: "In", Values.Count: 1 });
        return single is null ? null : (single.Key, single.Values[0]);
    }

    private static string TextOf(V1LabelSelector spec)
    {
        var labels = (spec.MatchLabels ?? new Dictionary<string, string>()).Select(pair => $"{pair.Key}={pair.Value}");
        var expressions = (spec.MatchExpressions ?? [])
            .Select(expression => $"{expression.Key} {expression.OperatorProperty} ({string.Join(',', (expression.Values ?? []).Order(StringComparer.Ordinal))})");
        return string.Join(';', labels.Concat(expressions).Distinct().Order(StringComparer.Ordinal));
    }
}
