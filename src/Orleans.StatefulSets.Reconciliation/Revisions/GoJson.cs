using System.Globalization;
using System.Text;
using System.Text.Json;

namespace Orleans.StatefulSets.Reconciliation.Revisions;

/// <summary>JSON as Go's <c>encoding/json</c> prints a map: keys sorted, compact, HTML characters escaped, numbers as float64.</summary>
internal static class GoJson
{
    /// <summary>The element in Go's form, UTF-8.</summary>
    internal static byte[] Write(JsonElement element)
    {
        var output = new StringBuilder();
        Append(output, element);
        return Encoding.UTF8.GetBytes(output.ToString());
    }

    internal static void Append(StringBuilder output, JsonElement element)
    {
        switch (element.ValueKind)
        {
            case JsonValueKind.Object:
                AppendObject(output, element);
                break;
            case JsonValueKind.Array:
                AppendArray(output, element);
                break;
            case JsonValueKind.String:
                AppendString(output, element.GetString()!);
                break;
            case JsonValueKind.Number:
                AppendNumber(output, element);
                break;
            default:
                output.Append(element.GetRawText());
                break;
        }
    }

    internal static void AppendString(StringBuilder output, string text)
    {
        output.Append('"');
        foreach (var character in text)
        {
            _ = character switch
            {
                '"' => output.Append("\\\""),
                '\\' => output.Append("\\\\"),
                '\n' => output.Append("\\n"),
                '\r' => output.Append("\\r"),
                '\t' => output.Append("\\t"),
                '\b' => output.Append("\\b"),
                '\f' => output.Append("\\f"),
                < ' ' or '<' or '>' or '&' or '\u2028' or '\u2029' => output.Append("\\u").Append(((int)character).ToString("x4", CultureInfo.InvariantCulture)),
                _ => output.Append(character),
            };
        }

        output.Append('"');
    }

    internal static void AppendNumber(StringBuilder output, JsonElement number)
    {
        if (number.TryGetInt64(out var whole) && Math.Abs((double)whole) < 1L << 53)
        {
            output.Append(whole.ToString(CultureInfo.InvariantCulture));
            return;
        }

        output.Append(Float(number.GetDouble()));
    }

    // Go prints the shortest digits that read back, without an exponent between 1e-6 and 1e21; an exponent has no leading zero.
    private static string Float(double value)
    {
        var shortest = value.ToString("E16", CultureInfo.InvariantCulture);
        for (var digits = 0; digits < 16; digits++)
        {
            var candidate = value.ToString("E" + digits.ToString(CultureInfo.InvariantCulture), CultureInfo.InvariantCulture);
            if (double.Parse(candidate, CultureInfo.InvariantCulture) == value)
            {
                shortest = candidate;
                break;
            }
        }

        var size = Math.Abs(value);
        if (size == 0 || (size >= 1e-6 && size < 1e21))
        {
            return decimal.Parse(shortest, NumberStyles.Float, CultureInfo.InvariantCulture).ToString("0.############################", CultureInfo.InvariantCulture);
        }

        var mark = shortest.IndexOf('E', StringComparison.Ordinal);
        var exponent = int.Parse(shortest[(mark + 1)..], NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture);
        return string.Create(CultureInfo.InvariantCulture, $"{shortest[..mark]}e{(exponent < 0 ? "-" : "+")}{Math.Abs(exponent):00}")
            .Replace("e-0", "e-", StringComparison.Ordinal);
    }

    private static void AppendObject(StringBuilder output, JsonElement element)
    {
        output.Append('{');
        var first = true;
        foreach (var property in element.EnumerateObject().OrderBy(property => property.Name, StringComparer.Ordinal))
        {
            _ = first ? output : output.Append(',');
            first = false;
            AppendString(output, property.Name);
            output.Append(':');
            Append(output, property.Value);
        }

        output.Append('}');
    }

    private static void AppendArray(StringBuilder output, JsonElement element)
    {
        output.Append('[');
        var first = true;
        foreach (var item in element.EnumerateArray())
        {
            _ = first ? output : output.Append(',');
            first = false;
            Append(output, item);
        }

        output.Append(']');
    }
}
