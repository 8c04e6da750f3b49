namespace Orleans.StatefulSets.Workloads.Programs.Tools;

/// <summary>POSIX's character classes in the C locale.</summary>
internal static class CharacterClass
{
    /// <summary>A class as members of a bracket of the platform's regular expressions; null where there is none of that name.</summary>
    public static string? Of(string name) => name switch
    {
        "alpha" => "A-Za-z",
        "digit" => "0-9",
        "alnum" => "0-9A-Za-z",
        "upper" => "A-Z",
        "lower" => "a-z",
        "space" => @"\x20\x09-\x0D",
        "blank" => @"\x20\x09",
        "punct" => @"\x21-\x2F\x3A-\x40\x5B-\x60\x7B-\x7E",
        "print" => @"\x20-\x7E",
        "graph" => @"\x21-\x7E",
        "cntrl" => @"\x00-\x1F\x7F",
        "xdigit" => "0-9A-Fa-f",
        _ => null,
    };

    /// <summary>The letters of a class in order, or null.</summary>
    public static string? Letters(string name)
    {
        Func<char, bool>? member = name switch
        {
            "alpha" => char.IsAsciiLetter,
            "digit" => char.IsAsciiDigit,
            "alnum" => char.IsAsciiLetterOrDigit,
            "upper" => char.IsAsciiLetterUpper,
            "lower" => char.IsAsciiLetterLower,
            "space" => letter => letter is ' ' or (>= '\t' and <= '\r'),
            "blank" => letter => letter is ' ' or '\t',
            "punct" => letter => letter is > ' ' and < (char)127 && !char.IsAsciiLetterOrDigit(letter),
            "print" => letter => letter is >= ' ' and < (char)127,
            "graph" => letter => letter is > ' ' and < (char)127,
            "cntrl" => letter => letter is < ' ' or (char)127,
            "xdigit" => char.IsAsciiHexDigit,
            _ => null,
        };
        return member is null ? null : string.Concat(Enumerable.Range(0, 256).Select(code => (char)code).Where(member));
    }
}
