using System.Text;

namespace Orleans.StatefulSets.Resources.Decoding;

/// <summary>
/// Says what is wrong with a text that is not JSON in the words of Go's <c>encoding/json</c> scanner, which API servers
/// pass on. Used only once a faster reader has refused the text.
/// </summary>
internal ref struct JsonSyntax
{
    private readonly ReadOnlySpan<byte> text;
    private int at;

    private JsonSyntax(ReadOnlySpan<byte> text) => this.text = text;

    /// <summary>The first complaint, or null where the text is JSON of any depth.</summary>
    public static string? Complaint(ReadOnlySpan<byte> text)
    {
        var scanner = new JsonSyntax(text);
        return scanner.Document();
    }

    private string? Document()
    {
        // An explicit stack of '{' and '[', so that depth costs no call stack.
        var open = new Stack<byte>();
        while (true)
        {
            if (Value(open, out var container) is { } wrong)
            {
                return wrong;
            }

            if (container)
            {
                continue;
            }

            if (AfterValue(open, out var done) is { } after)
            {
                return after;
            }

            if (done)
            {
                return null;
            }
        }
    }

    // Reads a value, or the opening of a container up to where its first value stands.
    private string? Value(Stack<byte> open, out bool opened)
    {
        opened = false;
        SkipSpace();
        if (AtEnd)
        {
            return Ended;
        }

        switch (text[at])
        {
            case (byte)'{':
                at++;
                SkipSpace();
                if (!AtEnd && text[at] == '}')
                {
                    at++;
                    return null;
                }

                open.Push((byte)'{');
                opened = true;
                return Key();
            case (byte)'[':
                at++;
                SkipSpace();
                if (!AtEnd && text[at] == ']')
                {
                    at++;
                    return null;
                }

                open.Push((byte)'[');
                opened = true;
                return null;
            case (byte)'"':
                return Text();
            case (byte)'t':
                return Literal("true");
            case (byte)'f':
                return Literal("false");
            case (byte)'n':
                return Literal("null");
            case (byte)'-' or (>= (byte)'0' and <= (byte)'9'):
                return Number();
            default:
                return Unexpected("looking for beginning of value");
        }
    }

    private string? AfterValue(Stack<byte> open, out bool done)
    {
        done = false;
        while (true)
        {
            SkipSpace();
            if (open.Count == 0)
            {
                done = true;
                return AtEnd ? null : Unexpected("after top-level value");
            }

            if (AtEnd)
            {
                return Ended;
            }

            var inObject = open.Peek() == '{';
            var next = text[at];
            if (next == ',')
            {
                at++;
                return inObject ? Key() : null;
            }

            if (next != (inObject ? '}' : ']'))
            {
                return Unexpected(inObject ? "after object key:value pair" : "after array element");
            }

            at++;
            open.Pop();
        }
    }

    private string? Key()
    {
        SkipSpace();
        if (AtEnd)
        {
            return Ended;
        }

        if (text[at] != '"')
        {
            return Unexpected("looking for beginning of object key string");
        }

        if (Text() is { } wrong)
        {
            return wrong;
        }

        SkipSpace();
        if (AtEnd)
        {
            return Ended;
        }

        if (text[at] != ':')
        {
            return Unexpected("after object key");
        }

        at++;
        return null;
    }

    private string? Text()
    {
        for (at++; !AtEnd; at++)
        {
            switch (text[at])
            {
                case (byte)'"':
                    at++;
                    return null;
                case < 0x20:
                    return Unexpected("in string literal");
                case (byte)'\\':
                    at++;
                    if (Escape() is { } wrong)
                    {
                        return wrong;
                    }

                    break;
            }
        }

        return Ended;
    }

    private string? Escape()
    {
        if (AtEnd)
        {
            return Ended;
        }

        if (text[at] != 'u')
        {
            return "\"\\/bfnrt"u8.Contains(text[at]) ? null : Unexpected("in string escape code");
        }

        for (var digit = 0; digit < 4; digit++)
        {
            at++;
            if (AtEnd)
            {
                return Ended;
            }

            if (!char.IsAsciiHexDigit((char)text[at]))
            {
                return Unexpected("in \\u hexadecimal character escape");
            }
        }

        return null;
    }

    private string? Literal(string word)
    {
        for (var index = 1; index < word.Length; index++)
        {
            at++;
            if (AtEnd)
            {
                return Ended;
            }

            if (text[at] != word[index])
            {
                return Unexpected($"in literal {word} (expecting '{word[index]}')");
            }
        }

        at++;
        return null;
    }

    private string? Number()
    {
        if (text[at] == '-')
        {
            at++;
            if (MissingDigit("in numeric literal") is { } wrong)
            {
                return wrong;
            }
        }

        if (text[at] == '0')
        {
            at++;
        }
        else
        {
            SkipDigits();
        }

        if (!AtEnd && text[at] == '.')
        {
            at++;
            if (MissingDigit("after decimal point in numeric literal") is { } wrong)
            {
                return wrong;
            }

            SkipDigits();
        }

        if (!AtEnd && text[at] is (byte)'e' or (byte)'E')
        {
            at++;
            if (!AtEnd && text[at] is (byte)'+' or (byte)'-')
            {
                at++;
            }

            if (MissingDigit("in exponent of numeric literal") is { } wrong)
            {
                return wrong;
            }

            SkipDigits();
        }

        return null;
    }

    private readonly string? MissingDigit(string where) => AtEnd ? Ended : IsDigit(text[at]) ? null : Unexpected(where);

    private void SkipDigits()
    {
        while (!AtEnd && IsDigit(text[at]))
        {
            at++;
        }
    }

    private void SkipSpace()
    {
        while (!AtEnd && text[at] is (byte)' ' or (byte)'\t' or (byte)'\r' or (byte)'\n')
        {
            at++;
        }
    }

    private static bool IsDigit(byte character) => character is >= (byte)'0' and <= (byte)'9';

    private readonly bool AtEnd => at >= text.Length;

    private const string Ended = "unexpected end of JSON input";

    private readonly string Unexpected(string where) => $"invalid character {Quote(text[at])} {where}";

    private static string Quote(byte character) => character switch
    {
        (byte)'\'' => @"'\''",
        (byte)'"' => "'\"'",
        (byte)'\\' => @"'\\'",
        (byte)'\n' => @"'\n'",
        (byte)'\r' => @"'\r'",
        (byte)'\t' => @"'\t'",
        < 0x20 or 0x7f => $"'\\x{character:x2}'",
        _ => $"'{Encoding.Latin1.GetString([character])}'",
    };
}
