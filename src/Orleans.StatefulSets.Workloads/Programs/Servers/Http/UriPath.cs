using System.Globalization;
using System.Text;

namespace Orleans.StatefulSets.Workloads.Programs.Servers.Http;

/// <summary>Paths of URLs, as byte strings.</summary>
internal static class UriPath
{
    private const string Unreserved = "-._~!$'()*+,;:@/";

    /// <summary>Decodes <c>%41</c>.</summary>
    /// <returns>Null where a percent sign has no two digits behind it, or they spell a NUL.</returns>
    public static string? Decode(string text, bool plusIsSpace = false)
    {
        if (!text.Contains('%') && !(plusIsSpace && text.Contains('+')))
        {
            return text;
        }

        var decoded = new StringBuilder(text.Length);
        for (var at = 0; at < text.Length; at++)
        {
            if (text[at] != '%')
            {
                decoded.Append(plusIsSpace && text[at] == '+' ? ' ' : text[at]);
                continue;
            }

            if (at + 2 >= text.Length || !byte.TryParse(text.AsSpan(at + 1, 2), NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out var value) || value == 0)
            {
                return null;
            }

            decoded.Append((char)value);
            at += 2;
        }

        return decoded.ToString();
    }

    /// <summary>Takes <c>.</c>, <c>..</c> and doubled slashes out of a decoded path.</summary>
    /// <returns>Null where it leads above the root.</returns>
    public static string? Normalize(string path)
    {
        if (!path.Contains("//", StringComparison.Ordinal) && !path.Contains("/.", StringComparison.Ordinal))
        {
            return path;
        }

        var names = new List<string>();
        var parts = path.Split('/');
        foreach (var part in parts)
        {
            if (part == ".." && names.Count == 0)
            {
                return null;
            }

            if (part == "..")
            {
                names.RemoveAt(names.Count - 1);
            }
            else if (part is not ("" or "."))
            {
                names.Add(part);
            }
        }

        var ends = parts[^1] is "" or "." or "..";
        return names.Count == 0 ? "/" : $"/{string.Join('/', names)}{(ends ? "/" : "")}";
    }

    /// <summary>Encodes what may not stand in a path.</summary>
    /// <param name="path">The bytes.</param>
    /// <param name="strict">Also what may stand there but confuses in a link.</param>
    public static string Encode(string path, bool strict = false)
    {
        var encoded = new StringBuilder(path.Length);
        foreach (var letter in path)
        {
            _ = char.IsAsciiLetterOrDigit(letter) || Unreserved.Contains(letter, StringComparison.Ordinal) || (!strict && letter is '&' or '=')
                ? encoded.Append(letter)
                : encoded.Append($"%{(int)letter:X2}");
        }

        return encoded.ToString();
    }
}
