using System.Text;
using System.Text.RegularExpressions;

namespace Orleans.StatefulSets.Workloads.Programs.Tools;

/// <summary>What a match is replaced by: <c>&amp;</c>, groups, escapes, and changes of case.</summary>
internal static class SedReplacement
{
    public static string Expand(string replacement, Match match)
    {
        var text = new StringBuilder();
        var (mode, once) = ('E', '\0');
        void Put(string piece)
        {
            foreach (var letter in piece)
            {
                var kind = once != '\0' ? once : mode;
                once = '\0';
                text.Append(kind switch { 'U' or 'u' => char.ToUpperInvariant(letter), 'L' or 'l' => char.ToLowerInvariant(letter), _ => letter });
            }
        }

        for (var at = 0; at < replacement.Length; at++)
        {
            if (replacement[at] == '&')
            {
                Put(match.Value);
                continue;
            }

            if (replacement[at] != '\\' || at + 1 == replacement.Length)
            {
                Put(replacement[at].ToString());
                continue;
            }

            var letter = replacement[++at];
            switch (letter)
            {
                case >= '0' and <= '9':
                    Put(match.Groups[letter - '0'].Value);
                    break;
                case 'U' or 'L' or 'E':
                    mode = letter;
                    break;
                case 'u' or 'l':
                    once = letter;
                    break;
                case 'n':
                    Put("\n");
                    break;
                case 't':
                    Put("\t");
                    break;
                case 'r':
                    Put("\r");
                    break;
                default:
                    Put(letter.ToString());
                    break;
            }
        }

        return text.ToString();
    }
}
