using System.Globalization;
using k8s.Models;

namespace Orleans.StatefulSets.Resources.Validation;

/// <summary>A number of pods, or a percentage of them (pkg/apis/apps/validation's ValidatePositiveIntOrPercent and IsNotMoreThan100Percent).</summary>
internal static class IntOrPercentRules
{
    private const string NoPercent =
        "a valid percent string must be a numeric string followed by an ending '%' (e.g. '1%',  or '93%', regex used for validation is '[0-9]+%')";

    public static void Check(string path, IntOrString value, FieldErrors errors)
    {
        if (int.TryParse(value.Value, CultureInfo.InvariantCulture, out var count))
        {
            errors.NonNegative(path, count);
        }
        else if (Percentage(value) is not { } percentage)
        {
            errors.Invalid(path, value, NoPercent);
        }
        else if (percentage > 100)
        {
            errors.Invalid(path, value, "must not be greater than 100%");
        }
    }

    /// <summary>Whether it says 0 or 0%.</summary>
    public static bool IsZero(IntOrString value) => value.Value == "0" || Percentage(value) == 0;

    private static int? Percentage(IntOrString value) =>
        value.Value.EndsWith('%') && int.TryParse(value.Value.AsSpan()[..^1], NumberStyles.None, CultureInfo.InvariantCulture, out var count) ? count : null;
}
