namespace Orleans.StatefulSets.Workloads.Programs.Tools;

/// <summary>File name patterns (<c>fnmatch(3)</c> without flags): a star matches slashes and leading dots.</summary>
internal static class Glob
{
    public static bool Matches(string pattern, string text, bool ignoreCase = false) =>
        ignoreCase ? Matches(pattern.ToLowerInvariant(), text.ToLowerInvariant(), 0) : Matches(pattern, text, 0);

    private static bool Matches(string pattern, string text, int from)
    {
        var (at, to) = (0, from);
        var (star, retry) = (-1, 0);
        while (to < text.Length)
        {
            if (at < pattern.Length && pattern[at] == '*')
            {
                (star, retry) = (at++, to);
            }
            else if (at < pattern.Length && One(pattern, ref at, text[to]))
            {
                to++;
            }
            else if (star >= 0)
            {
                (at, to) = (star + 1, ++retry);
            }
            else
            {
                return false;
            }
        }

        return pattern.AsSpan(at).TrimStart('*').IsEmpty;
    }

    private static bool One(string pattern, ref int at, char letter)
    {
        switch (pattern[at])
        {
            case '?':
                at++;
                return true;
            case '\\' when at + 1 < pattern.Length:
                at += 2;
                return pattern[at - 1] == letter;
            case '[' when pattern.IndexOf(']', Math.Min(pattern.Length, at + 2)) is var close and > 0:
                var matched = InBracket(pattern[(at + 1)..close], letter);
                at = matched ? close + 1 : at;
                return matched;
            default:
                return pattern[at] == letter && ++at > 0;
        }
    }

    private static bool InBracket(string members, char letter)
    {
        var negated = members.StartsWith('!') || members.StartsWith('^');
        members = negated ? members[1..] : members;
        var found = false;
        for (var at = 0; at < members.Length; at++)
        {
            if (at + 2 < members.Length && members[at + 1] == '-')
            {
                found |= letter >= members[at] && letter <= members[at + 2];
                at += 2;
            }
            else
            {
                found |= members[at] == letter;
            }
        }

        return found != negated;
    }
}
