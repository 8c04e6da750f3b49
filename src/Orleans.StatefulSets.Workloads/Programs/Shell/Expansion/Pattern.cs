using System.Collections;
using Orleans.StatefulSets.Workloads.Files;

namespace Orleans.StatefulSets.Workloads.Programs.Shell.Expansion;

/// <summary>A shell pattern (POSIX.1-2017 XCU 2.13): marked characters of which the quoted ones stand for themselves.</summary>
internal static class Pattern
{
    // A pattern with many stars on a long text can take longer than the pod may hold its scheduler.
    private const int MostWork = 5_000_000;

    /// <summary>Whether any character of it matches something else than itself.</summary>
    public static bool IsActive(ReadOnlySpan<char> pattern)
    {
        foreach (var c in pattern)
        {
            if ((c & Marks.Quoted) == 0 && (c & 0xFF) is '*' or '?' or '[' && (c & Marks.Quoted) == 0)
            {
                return true;
            }
        }

        return false;
    }

    /// <summary>Whether it matches the whole of a text.</summary>
    public static bool Matches(ReadOnlySpan<char> pattern, ReadOnlySpan<char> text)
    {
        var (p, t, star, mark) = (0, 0, -1, 0);
        for (var work = 0; t < text.Length; work++)
        {
            if (work > MostWork)
            {
                throw new FileException(Errno.ENOMEM);
            }

            if (p < pattern.Length && IsSign(pattern[p], '*'))
            {
                star = p++;
                mark = t;
            }
            else if (p < pattern.Length && MatchesOne(pattern, p, text[t], out var next))
            {
                p = next;
                t++;
            }
            else if (star >= 0)
            {
                p = star + 1;
                t = ++mark;
            }
            else
            {
                return false;
            }
        }

        while (p < pattern.Length && IsSign(pattern[p], '*'))
        {
            p++;
        }

        return p == pattern.Length;
    }

    /// <summary>Whether it matches any characters.</summary>
    public static bool IsStar(char c) => IsSign(c, '*');

    /// <summary>The characters that match where no star stands.</summary>
    public static BitArray SetAt(ReadOnlySpan<char> pattern, int p, out int next)
    {
        var set = new BitArray(256);
        next = p + 1;
        for (var c = 0; c < 256; c++)
        {
            set[c] = MatchesOne(pattern, p, (char)c, out var end);
            next = Math.Max(next, end);
        }

        return set;
    }

    private static bool IsSign(char c, char sign) => (c & Marks.Quoted) == 0 && (c & 0xFF) == sign;

    private static bool MatchesOne(ReadOnlySpan<char> pattern, int p, char c, out int next)
    {
        next = p + 1;
        if (IsSign(pattern[p], '?'))
        {
            return true;
        }

        if (IsSign(pattern[p], '[') && Bracket(pattern, p + 1, c, out next) is { } isMember)
        {
            return isMember;
        }

        next = p + 1;
        if (IsSign(pattern[p], '\\') && next < pattern.Length)
        {
            p = next++;
        }

        return (pattern[p] & 0xFF) == c;
    }

    /// <summary>Whether a character is in a bracket expression; null where none closes.</summary>
    private static bool? Bracket(ReadOnlySpan<char> pattern, int p, char c, out int next)
    {
        next = p;
        var isNegated = p < pattern.Length && (IsSign(pattern[p], '!') || IsSign(pattern[p], '^'));
        p += isNegated ? 1 : 0;
        var isMember = false;
        for (var first = p; p < pattern.Length; first = -1)
        {
            if (IsSign(pattern[p], ']') && p != first)
            {
                next = p + 1;
                return isMember != isNegated;
            }

            if (IsSign(pattern[p], '[') && p + 1 < pattern.Length && IsSign(pattern[p + 1], ':') && ClassEnd(pattern, p + 2) is { } end)
            {
                isMember |= IsOf(Marks.Remove(pattern[(p + 2)..end]), c);
                p = end + 2;
                continue;
            }

            p += IsSign(pattern[p], '\\') && p + 1 < pattern.Length ? 1 : 0;
            var low = pattern[p] & 0xFF;
            var high = low;
            p++;
            if (p + 1 < pattern.Length && IsSign(pattern[p], '-') && !IsSign(pattern[p + 1], ']'))
            {
                high = pattern[p + 1] & 0xFF;
                p += 2;
            }

            isMember |= low <= c && c <= high;
        }

        return null;
    }

    private static int? ClassEnd(ReadOnlySpan<char> pattern, int p)
    {
        for (; p + 1 < pattern.Length; p++)
        {
            if (IsSign(pattern[p], ':') && IsSign(pattern[p + 1], ']'))
            {
                return p;
            }
        }

        return null;
    }

    private static bool IsOf(string name, char c) => name switch
    {
        "alpha" => char.IsAsciiLetter(c),
        "digit" => char.IsAsciiDigit(c),
        "alnum" => char.IsAsciiLetterOrDigit(c),
        "upper" => char.IsAsciiLetterUpper(c),
        "lower" => char.IsAsciiLetterLower(c),
        "space" => c is ' ' or (>= '\t' and <= '\r'),
        "blank" => c is ' ' or '\t',
        "punct" => c is > ' ' and < '\u007f' && !char.IsAsciiLetterOrDigit(c),
        "print" => c is >= ' ' and < '\u007f',
        "graph" => c is > ' ' and < '\u007f',
        "cntrl" => c is < ' ' or '\u007f',
        "xdigit" => char.IsAsciiHexDigit(c),
        _ => false,
    };
}
