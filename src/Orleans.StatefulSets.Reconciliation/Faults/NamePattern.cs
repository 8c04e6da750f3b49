namespace Orleans.StatefulSets.Reconciliation.Faults;

/// <summary>Names in which <c>*</c> stands for any letters and <c>?</c> for any one. Matching takes no more steps than pattern times name.</summary>
public static class NamePattern
{
    /// <summary>Whether a name is among those that are meant; none given means all.</summary>
    public static bool MatchesAny(IList<string>? patterns, string? name)
    {
        if (patterns is not { Count: > 0 })
        {
            return true;
        }

        foreach (var pattern in patterns)
        {
            if (Matches(pattern, name ?? ""))
            {
                return true;
            }
        }

        return false;
    }

    /// <summary>Whether a pattern means a name.</summary>
    public static bool Matches(string pattern, string name)
    {
        var (at, from) = (0, 0);
        var (star, retry) = (-1, 0);
        while (from < name.Length)
        {
            if (at < pattern.Length && pattern[at] == '*')
            {
                (star, retry) = (at++, from);
            }
            else if (at < pattern.Length && (pattern[at] == '?' || pattern[at] == name[from]))
            {
                at++;
                from++;
            }
            else if (star >= 0)
            {
                // The last star takes one letter more; those before it need not be tried again.
                (at, from) = (star + 1, ++retry);
            }
            else
            {
                return false;
            }
        }

        return pattern.AsSpan(at).TrimStart('*').IsEmpty;
    }
}
