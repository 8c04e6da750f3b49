using System.Globalization;
using System.Text;
using k8s.Models;
using Orleans.StatefulSets.Resources.Objects;
using Orleans.StatefulSets.Resources.Quantities;

namespace Orleans.StatefulSets.Resources.Validation;

/// <summary>How Go prints a bad value in a field error (field.Error's ErrorBody: %v for numbers, %q for text, %#v for the rest).</summary>
internal static class GoValue
{
    /// <summary>The text after "Invalid value: ".</summary>
    public static string Print(object? value) => value switch
    {
        null => "\"null\"",
        GoLiteral literal => literal.Text,
        V1LabelSelector selector => Selector(selector),
        string text => Quote(text),
        bool flag => flag ? "true" : "false",
        IntOrString either => int.TryParse(either.Value, CultureInfo.InvariantCulture, out var number) ? number.ToString(CultureInfo.InvariantCulture) : Quote(either.Value),
        ResourceQuantity quantity => Quote(Amount.Of(quantity).ToString()),
        IDictionary<string, string> map => "map[string]string{" + Join(map.OrderBy(pair => pair.Key, StringComparer.Ordinal).Select(pair => $"{Quote(pair.Key)}:{Quote(pair.Value)}")) + "}",
        IEnumerable<string> texts => "[]string{" + Join(texts.Select(Quote)) + "}",
        IFormattable plain => plain.ToString(null, CultureInfo.InvariantCulture),
        _ => Struct(value),
    };

    /// <summary>strconv.Quote for what manifests hold.</summary>
    public static string Quote(string? text)
    {
        var quoted = new StringBuilder("\"");
        foreach (var letter in text ?? "")
        {
            _ = letter switch
            {
                '"' => quoted.Append("\\\""),
                '\\' => quoted.Append("\\\\"),
                '\n' => quoted.Append("\\n"),
                '\r' => quoted.Append("\\r"),
                '\t' => quoted.Append("\\t"),
                < ' ' => quoted.Append("\\x").Append(((int)letter).ToString("x2", CultureInfo.InvariantCulture)),
                _ => quoted.Append(letter),
            };
        }

        return quoted.Append('"').ToString();
    }

    // What is no plain value is printed as JSON: the name of a Go struct would tell a reader less.
    private static string Struct(object value) => Encoding.UTF8.GetString(ObjectJson.Encode(value));

    private static string Selector(V1LabelSelector selector)
    {
        var labels = selector.MatchLabels is null ? "map[string]string(nil)" : Print(selector.MatchLabels);
        var expressions = selector.MatchExpressions is null
            ? "[]v1.LabelSelectorRequirement(nil)"
            : "[]v1.LabelSelectorRequirement{" + Join(selector.MatchExpressions.Select(Requirement)) + "}";
        return $"v1.LabelSelector{{MatchLabels:{labels}, MatchExpressions:{expressions}}}";
    }

    private static string Requirement(V1LabelSelectorRequirement requirement) =>
        $"v1.LabelSelectorRequirement{{Key:{Quote(requirement.Key)}, Operator:{Quote(requirement.OperatorProperty)},"
        + $" Values:{(requirement.Values is null ? "[]string(nil)" : Print(requirement.Values))}}}";

    private static string Join(IEnumerable<string> parts) => string.Join(", ", parts);
}

/// <summary>A value whose Go text is already known, for structs that Go prints with %#v.</summary>
/// <param name="Text">The text as Go prints it.</param>
internal sealed record GoLiteral(string Text);
