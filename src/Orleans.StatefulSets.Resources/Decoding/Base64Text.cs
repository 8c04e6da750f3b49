using System.Buffers;
using System.Globalization;

namespace Orleans.StatefulSets.Resources.Decoding;

/// <summary>The complaint of Go's <c>base64.StdEncoding</c>.</summary>
internal static class Base64Text
{
    private static readonly SearchValues<char> Alphabet =
        SearchValues.Create("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/");

    /// <summary>What is wrong with base64, or null. Line breaks within are ignored, as Go does.</summary>
    public static string? Complaint(string text)
    {
        var body = text.AsSpan();
        var content = body.TrimEnd("=\r\n");
        var bad = content.IndexOfAnyExcept(Alphabet);
        if (bad >= 0 && content[bad] is not ('\r' or '\n'))
        {
            return Illegal(bad);
        }

        return Convert.TryFromBase64String(text, new byte[text.Length], out _) ? null : Illegal(Math.Min(content.Length, text.Length));
    }

    private static string Illegal(int at) => string.Create(CultureInfo.InvariantCulture, $"illegal base64 data at input byte {at}");
}
