using System.Text;

namespace Orleans.StatefulSets.Workloads.Programs.Tools;

/// <summary>Backslash sequences as C has them.</summary>
internal static class Escapes
{
    /// <summary>The letter that a sequence at an offset stands for, and where it ends; an unknown one stands for its letter.</summary>
    public static (char Letter, int Next) Read(string text, int at)
    {
        var letter = text[at + 1];
        if (letter is >= '0' and <= '7')
        {
            var (value, next) = (0, at + 1);
            for (; next < text.Length && next < at + 4 && text[next] is >= '0' and <= '7'; next++)
            {
                value = (value * 8) + text[next] - '0';
            }

            return ((char)(value & 255), next);
        }

        if (letter == 'x' && at + 2 < text.Length && char.IsAsciiHexDigit(text[at + 2]))
        {
            var end = at + 3 < text.Length && char.IsAsciiHexDigit(text[at + 3]) ? at + 4 : at + 3;
            return ((char)Convert.ToInt32(text[(at + 2)..end], 16), end);
        }

        return (letter switch { 'a' => '\a', 'b' => '\b', 'f' => '\f', 'n' => '\n', 'r' => '\r', 't' => '\t', 'v' => '\v', _ => letter }, at + 2);
    }

    public static string Expand(string text)
    {
        var expanded = new StringBuilder();
        for (var at = 0; at < text.Length;)
        {
            var (letter, next) = text[at] == '\\' && at + 1 < text.Length ? Read(text, at) : (text[at], at + 1);
            expanded.Append(letter);
            at = next;
        }

        return expanded.ToString();
    }
}
