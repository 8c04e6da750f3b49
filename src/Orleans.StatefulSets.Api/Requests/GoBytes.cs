using System.Text;
using System.Text.Unicode;

namespace Orleans.StatefulSets.Api.Requests;

/// <summary>Bytes of a body as Go's decoders read them: what is no text becomes a replacement character, and is no reason to refuse.</summary>
internal static class GoBytes
{
    private const int EscapeLength = 6;

    /// <summary>The bytes as valid UTF-8 whose escapes are valid UTF-16; the same ones where they were.</summary>
    public static ReadOnlyMemory<byte> Readable(ReadOnlyMemory<byte> bytes)
    {
        var text = Utf8.IsValid(bytes.Span) ? bytes : Encoding.UTF8.GetBytes(Encoding.UTF8.GetString(bytes.Span));
        return text.Span.IndexOf("\\u"u8) < 0 ? text : WithoutLoneSurrogates(text);
    }

    private static ReadOnlyMemory<byte> WithoutLoneSurrogates(ReadOnlyMemory<byte> text)
    {
        byte[]? mended = null;
        var span = text.Span;
        for (var at = span.IndexOf((byte)'\\'); at >= 0 && at < span.Length; at = NextEscape(span, at))
        {
            if (UnitAt(span, at) is not (>= 0xd800 and <= 0xdfff and var unit))
            {
                at += 2;
            }
            else if (unit < 0xdc00 && UnitAt(span, at + EscapeLength) is >= 0xdc00 and <= 0xdfff)
            {
                at += 2 * EscapeLength;
            }
            else
            {
                mended ??= text.ToArray();
                "\\ufffd"u8.CopyTo(mended.AsSpan(at));
                at += EscapeLength;
            }
        }

        return mended ?? text;
    }

    private static int NextEscape(ReadOnlySpan<byte> span, int from) =>
        from >= span.Length || span[from..].IndexOf((byte)'\\') is not (>= 0 and var next) ? -1 : from + next;

    // The code unit of an escape that begins here, or -1.
    private static int UnitAt(ReadOnlySpan<byte> span, int at)
    {
        if (at + EscapeLength > span.Length || !span[at..].StartsWith("\\u"u8))
        {
            return -1;
        }

        var unit = 0;
        foreach (var digit in span.Slice(at + 2, EscapeLength - 2))
        {
            if (!char.IsAsciiHexDigit((char)digit))
            {
                return -1;
            }

            unit = (unit << 4) | (digit <= '9' ? digit - '0' : (digit | 0x20) - 'a' + 10);
        }

        return unit;
    }
}
