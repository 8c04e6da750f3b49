using k8s.Models;

namespace Orleans.StatefulSets.Resources.Selectors;

/// <summary>A selector's text form (metav1's <c>LabelSelectorAsSelector(…).String()</c>): <c>app=web,tier in (a,b)</c>.</summary>
internal static class SelectorText
{
    public static string Of(V1LabelSelector? selector)
    {
        var terms = new List<(string Key, string Text)>();
        foreach (var (key, value) in selector?.MatchLabels ?? new Dictionary<string, string>())
        {
            terms.Add((key, $"{key}={value}"));
        }

        foreach (var expression in selector?.MatchExpressions ?? [])
        {
            terms.Add((expression.Key, TermOf(expression)));
        }

        return string.Join(',', terms.OrderBy(term => term.Key, StringComparer.Ordinal).Select(term => term.Text));
    }

    private static string TermOf(V1LabelSelectorRequirement expression)
    {
        var values = string.Join(',', (expression.Values ?? []).Order(StringComparer.Ordinal));
        return expression.OperatorProperty switch
        {
            "In" => $"{expression.Key} in ({values})",
            "NotIn" => $"{expression.Key} notin ({values})",
            "DoesNotExist" => $"!{expression.Key}",
            _ => expression.Key,
        };
    }
}
