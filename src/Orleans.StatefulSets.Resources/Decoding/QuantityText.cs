using System.Text.RegularExpressions;

namespace Orleans.StatefulSets.Resources.Decoding;

/// <summary>The complaints of apimachinery's <c>resource.ParseQuantity</c>.</summary>
internal static partial class QuantityText
{
    private const string Format = "quantities must match the regular expression '^([+-]?[0-9.]+)([eEinumkKMGTP]*[-+]?[0-9]*)$'";

    private static readonly HashSet<string> Suffixes =
        ["", "n", "u", "m", "k", "M", "G", "T", "P", "E", "Ki", "Mi", "Gi", "Ti", "Pi", "Ei"];

    /// <summary>What is wrong with a quantity, or null.</summary>
    public static string? Complaint(string text)
    {
        var match = Shape().Match(text.Trim());
        if (!match.Success)
        {
            return Format;
        }

        var suffix = match.Groups["suffix"].Value;
        return Suffixes.Contains(suffix) || Exponent().IsMatch(suffix) ? null : "unable to parse quantity's suffix";
    }

    [GeneratedRegex(@"^[+-]?(?=\.?[0-9])[0-9]*\.?[0-9]*(?<suffix>[eEinumkKMGTP]*[-+]?[0-9]*)\z", RegexOptions.CultureInvariant)]
    private static partial Regex Shape();

    // The bound is that of a decimal, which holds the value.
    [GeneratedRegex(@"^[eE][-+]?[0-9]{1,2}\z", RegexOptions.CultureInvariant)]
    private static partial Regex Exponent();
}
