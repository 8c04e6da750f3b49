using System.Globalization;
using System.Text;
using System.Text.RegularExpressions;

namespace Orleans.StatefulSets.Workloads.Programs.Servers.Nginx;

/// <summary>
/// An expression of the configuration, with PCRE's numbering: a named group has a number, too, by its place. .NET numbers named groups
/// behind all others, so their names are taken out and kept beside.
/// </summary>
internal sealed class NginxPattern
{
    /// <summary>How long one expression may look at one text before the request fails; a real server would go on, and so hold up all others.</summary>
    private static readonly TimeSpan MatchTime = TimeSpan.FromMilliseconds(100);

    private readonly Regex regex;
    private readonly List<(string Name, int Number)> names = [];

    /// <exception cref="RegexParseException">It is none.</exception>
    public NginxPattern(string pattern, bool ignoreCase) =>
        regex = new Regex(Renumbered(pattern), RegexOptions.CultureInvariant | (ignoreCase ? RegexOptions.IgnoreCase : 0), MatchTime);

    /// <summary>The names of its groups.</summary>
    public IEnumerable<string> Names => names.Select(group => group.Name);

    /// <summary>Whether a text matches.</summary>
    public bool IsMatch(string text) => regex.IsMatch(text);

    /// <summary>What matched: by number, and by name; null where it does not match.</summary>
    public (string?[] Groups, IReadOnlyList<(string Name, string? Value)> Named)? Match(string text)
    {
        var match = regex.Match(text);
        if (!match.Success)
        {
            return null;
        }

        string?[] groups = [.. match.Groups.Values.Select(group => group.Success ? group.Value : null)];
        return (groups, [.. names.Select(name => (name.Name, groups.ElementAtOrDefault(name.Number)))]);
    }

    private string Renumbered(string pattern)
    {
        var plain = new StringBuilder();
        var number = 0;
        var inClass = false;
        for (var at = 0; at < pattern.Length; at++)
        {
            if (pattern[at] == '\\' && at + 1 < pattern.Length)
            {
                at += AppendEscape(pattern, at, plain);
                continue;
            }

            inClass = pattern[at] switch { '[' => true, ']' => false, _ => inClass };
            plain.Append(pattern[at]);
            if (pattern[at] != '(' || inClass)
            {
                continue;
            }

            var open = at + 1 < pattern.Length && pattern[at + 1] == '?' ? at + (pattern.AsSpan(at).StartsWith("(?P<") ? 3 : 2) : -1;
            var isNamed = open > 0 && open + 1 < pattern.Length && pattern[open] is '<' or '\'' && pattern[open + 1] is not ('=' or '!');
            var close = isNamed ? pattern.IndexOf(pattern[open] == '<' ? '>' : '\'', open + 1) : -1;
            number += open < 0 || close > 0 ? 1 : 0;
            if (close > 0)
            {
                names.Add((pattern[(open + 1)..close], number));
                at = close;
            }
        }

        return plain.ToString();
    }

    /// <returns>How many letters more than the backslash it took.</returns>
    private int AppendEscape(string pattern, int at, StringBuilder plain)
    {
        const string named = "\\k<";
        var close = pattern.AsSpan(at).StartsWith(named) ? pattern.IndexOf('>', at) : -1;
        if (close < 0)
        {
            plain.Append(pattern, at, 2);
            return 1;
        }

        var number = names.Find(group => group.Name == pattern[(at + named.Length)..close]).Number;
        plain.Append(CultureInfo.InvariantCulture, $"(?:\\{number})");
        return close - at;
    }
}
