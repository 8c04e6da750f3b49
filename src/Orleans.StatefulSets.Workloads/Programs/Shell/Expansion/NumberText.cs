namespace Orleans.StatefulSets.Workloads.Programs.Shell.Expansion;

/// <summary>Numbers as arithmetic reads them: decimal, octal behind 0, hexadecimal behind 0x, any base up to 64 behind <c>base#</c>.</summary>
internal static class NumberText
{
    /// <summary>The number that a text is; null where it is none. A sign may stand before it. Too large ones wrap as C's do.</summary>
    public static long? Parse(string text)
    {
        text = text.Trim(' ', '\t', '\n');
        var isNegative = text.StartsWith('-');
        var digits = isNegative || text.StartsWith('+') ? text[1..] : text;
        if (digits.Length == 0 || !char.IsAsciiDigit(digits[0]))
        {
            return null;
        }

        var hash = digits.IndexOf('#');
        var value = hash >= 0 ? Based(digits[..hash], digits[(hash + 1)..])
            : digits.StartsWith("0x", StringComparison.OrdinalIgnoreCase) ? Digits(digits[2..], 16)
            : digits[0] == '0' && digits.Length > 1 ? Digits(digits[1..], 8)
            : Digits(digits, 10);
        return isNegative ? unchecked(-value) : value;
    }

    private static long? Based(string radix, string digits) => Digits(radix, 10) is >= 2 and <= 64 and var number ? Digits(digits, (int)number) : null;

    private static long? Digits(string digits, int radix)
    {
        if (digits.Length == 0)
        {
            return null;
        }

        var value = 0UL;
        foreach (var c in digits)
        {
            var digit = Digit(c, radix);
            if (digit < 0 || digit >= radix)
            {
                return null;
            }

            value = unchecked((value * (ulong)radix) + (ulong)digit);
        }

        return unchecked((long)value);
    }

    private static int Digit(char c, int radix) => c switch
    {
        >= '0' and <= '9' => c - '0',
        >= 'a' and <= 'z' => c - 'a' + 10,
        >= 'A' and <= 'Z' => c - 'A' + (radix <= 36 ? 10 : 36),
        '@' => 62,
        '_' => 63,
        _ => -1,
    };
}
