namespace Orleans.StatefulSets.Workloads.Programs.Shell.Syntax;

/// <summary>Whose rules a backslash follows.</summary>
internal enum EscapeStyle
{
    /// <summary><c>$'…'</c>: up to three octal digits.</summary>
    AnsiQuote,

    /// <summary><c>echo -e</c> and printf's <c>%b</c>: octal digits behind a zero.</summary>
    Echo,

    /// <summary>printf's format: up to three octal digits.</summary>
    Format,
}

/// <summary>What a backslash and the characters behind it stand for.</summary>
internal static class Escapes
{
    /// <summary>Reads what follows a backslash.</summary>
    /// <param name="text">The text.</param>
    /// <param name="at">The character behind the backslash; afterwards the one behind the escape.</param>
    /// <param name="style">Whose rules count.</param>
    /// <returns>The characters; the backslash and its character where they mean nothing.</returns>
    public static string Read(string text, ref int at, EscapeStyle style)
    {
        if (at >= text.Length)
        {
            return "\\";
        }

        var c = text[at++];
        switch (c)
        {
            case 'a':
                return "\a";
            case 'b':
                return "\b";
            case 'e' when style != EscapeStyle.AnsiQuote:
                return "\u001b";
            case 'f':
                return "\f";
            case 'n':
                return "\n";
            case 'r':
                return "\r";
            case 't':
                return "\t";
            case 'v':
                return "\v";
            case '\\':
                return "\\";
            case 'x' when at < text.Length && char.IsAsciiHexDigit(text[at]):
                return Number(text, ref at, 16, 2);
            case >= '0' and <= '7':
                // echo's digits stand behind a zero that is none of them.
                at -= style == EscapeStyle.Echo && c == '0' ? 0 : 1;
                return Number(text, ref at, 8, 3);
            case '\'' or '"' when style != EscapeStyle.Echo:
                return c.ToString();
            default:
                return "\\" + c;
        }
    }

    private static string Number(string text, ref int at, int radix, int most)
    {
        var value = 0;
        for (var count = 0; count < most && at < text.Length && Digit(text[at]) < radix; count++)
        {
            value = (value * radix) + Digit(text[at++]);
        }

        return ((char)(value & 0xFF)).ToString();
    }

    private static int Digit(char c) => char.IsAsciiHexDigit(c) ? Convert.ToInt32(c.ToString(), 16) : 99;
}
