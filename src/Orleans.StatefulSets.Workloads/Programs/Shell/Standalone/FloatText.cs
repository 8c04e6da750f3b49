using System.Globalization;

namespace Orleans.StatefulSets.Workloads.Programs.Shell.Standalone;

/// <summary>Floating numbers as C's printf prints them.</summary>
internal static class FloatText
{
    /// <summary>A number that is not negative, in the style of <c>%e</c>, <c>%f</c> or <c>%g</c>.</summary>
    public static string Of(double value, char style, int precision, bool keepsZeros)
    {
        precision = Math.Clamp(precision, 0, 400);
        var text = double.IsNaN(value) ? "nan" : double.IsInfinity(value) ? "inf" : char.ToLowerInvariant(style) switch
        {
            'f' => value.ToString("F" + precision, CultureInfo.InvariantCulture),
            'e' => Exponential(value, precision),
            _ => General(value, Math.Max(1, precision), keepsZeros),
        };
        return char.IsAsciiLetterUpper(style) ? text.ToUpperInvariant() : text;
    }

    private static string Exponential(double value, int precision) =>
        value.ToString((precision == 0 ? "0" : "0." + new string('0', precision)) + "e+00", CultureInfo.InvariantCulture);

    private static string General(double value, int precision, bool keepsZeros)
    {
        var exponential = Exponential(value, precision - 1);
        var exponent = int.Parse(exponential[(exponential.IndexOf('e') + 1)..], CultureInfo.InvariantCulture);
        var isFixed = exponent >= -4 && exponent < precision;
        var text = isFixed ? value.ToString("F" + (precision - 1 - exponent), CultureInfo.InvariantCulture) : exponential;
        if (keepsZeros || !text.Contains('.'))
        {
            return text;
        }

        var end = isFixed ? text.Length : text.IndexOf('e');
        return text[..end].TrimEnd('0').TrimEnd('.') + text[end..];
    }
}
