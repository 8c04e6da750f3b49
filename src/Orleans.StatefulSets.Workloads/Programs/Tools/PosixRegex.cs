using System.Text;
using System.Text.RegularExpressions;

namespace Orleans.StatefulSets.Workloads.Programs.Tools;

/// <summary>
/// POSIX regular expressions over byte strings, run by the platform's engine: basic and extended syntax with GNU's additions. Of
/// alternatives the first that matches is taken, not the longest, unless all are plain text: those are tried longest first.
/// </summary>
internal static class PosixRegex
{
    private const int QuantifiersByBacktracking = 2;
    private static readonly TimeSpan Longest = TimeSpan.FromMilliseconds(500);

    /// <exception cref="UsageException">It is none.</exception>
    public static Regex Compile(string pattern, bool extended, bool ignoreCase)
    {
        var translated = new Translation(pattern, extended);
        var text = translated.Run();
        var options = RegexOptions.CultureInvariant | RegexOptions.Singleline | (ignoreCase ? RegexOptions.IgnoreCase : RegexOptions.None);

        // Backtracking may take for ever; the other engine never does, but knows no references back and is slower to make.
        var linear = translated.Quantifiers > QuantifiersByBacktracking && !translated.RefersBack;
        try
        {
            return new Regex(text, options | (linear ? RegexOptions.NonBacktracking : RegexOptions.None), Longest);
        }
        catch (Exception failure) when (failure is ArgumentException or NotSupportedException)
        {
            throw Bad(pattern);
        }
    }

    /// <summary>A text as a pattern that matches only it.</summary>
    public static Regex Literal(string text, bool ignoreCase) =>
        new(Regex.Escape(text), RegexOptions.CultureInvariant | (ignoreCase ? RegexOptions.IgnoreCase : RegexOptions.None), Longest);

    private static UsageException Bad(string pattern) => new($"bad regex '{pattern}': Invalid regular expression", withUsage: false) { Status = 2 };

    private sealed class Translation(string pattern, bool extended)
    {
        private readonly StringBuilder text = new();
        private readonly Stack<int> groups = new();
        private int at;
        private int lastPiece;
        private bool atStart = true;

        public int Quantifiers { get; private set; }

        public bool RefersBack { get; private set; }

        public string Run()
        {
            var branches = extended ? PlainBranches(pattern) : null;
            if (branches is not null)
            {
                return string.Join('|', branches.OrderByDescending(branch => branch.Length).Select(Regex.Escape));
            }

            while (at < pattern.Length)
            {
                Next();
            }

            return groups.Count == 0 ? text.ToString() : throw new UsageException($"bad regex '{pattern}': Unmatched ( or \\(", withUsage: false) { Status = 2 };
        }

        private static string[]? PlainBranches(string pattern) =>
            pattern.Contains('|') && pattern.All(letter => letter == '|' || letter > 127 || char.IsLetterOrDigit(letter) || " _-/:,".Contains(letter, StringComparison.Ordinal))
                ? pattern.Split('|')
                : null;

        private void Next()
        {
            var letter = pattern[at++];
            switch (letter)
            {
                case '\\' when at == pattern.Length:
                    throw new UsageException($"bad regex '{pattern}': Trailing backslash", withUsage: false) { Status = 2 };
                case '\\':
                    Escaped(pattern[at++]);
                    break;
                case '[':
                    Put(Bracket());
                    break;
                case '.':
                    Put(".");
                    break;
                case '*' when atStart:
                    Put(@"\*");
                    break;
                case '*':
                    Quantify("*");
                    break;
                case '^' when extended || atStart:
                    text.Append('^');
                    break;
                case '$' when extended || EndsHere():
                    text.Append(@"\z");
                    break;
                default:
                    if (!extended || !Operator(letter))
                    {
                        Put(Regex.Escape(letter.ToString()));
                    }

                    break;
            }
        }

        private bool EndsHere() => at == pattern.Length || string.CompareOrdinal(pattern, at, @"\)", 0, 2) == 0 || string.CompareOrdinal(pattern, at, @"\|", 0, 2) == 0;

        private void Escaped(char letter)
        {
            switch (letter)
            {
                case '<':
                    text.Append(@"\b(?=[0-9A-Za-z_])");
                    RefersBack = true; // Lookahead, too, only the backtracking engine knows.
                    break;
                case '>':
                    text.Append(@"\b(?<=[0-9A-Za-z_])");
                    RefersBack = true;
                    break;
                case 'b' or 'B':
                    text.Append('\\').Append(letter);
                    break;
                case 'w':
                    Put("[0-9A-Za-z_]");
                    break;
                case 'W':
                    Put("[^0-9A-Za-z_]");
                    break;
                case 's':
                    Put(@"[ \t-\r]");
                    break;
                case 'S':
                    Put(@"[^ \t-\r]");
                    break;
                case 'n':
                    Put(@"\n");
                    break;
                case 't':
                    Put(@"\t");
                    break;
                case '`':
                    text.Append(@"\A");
                    break;
                case '\'':
                    text.Append(@"\z");
                    break;
                case >= '1' and <= '9':
                    RefersBack = true;
                    Put($"(?:\\{letter})");
                    break;
                default:
                    if (extended || !Operator(letter))
                    {
                        Put(Regex.Escape(letter.ToString()));
                    }

                    break;
            }
        }

        /// <returns>Whether the letter is one of the operators that basic syntax writes with a backslash.</returns>
        private bool Operator(char letter)
        {
            switch (letter)
            {
                case '(':
                    groups.Push(text.Length);
                    text.Append('(');
                    atStart = true;
                    return true;
                case ')' when groups.Count > 0:
                    text.Append(')');
                    lastPiece = groups.Pop();
                    atStart = false;
                    return true;
                case ')':
                    return extended ? false : throw new UsageException($"bad regex '{pattern}': Unmatched ) or \\)", withUsage: false) { Status = 2 };
                case '|':
                    text.Append('|');
                    atStart = true;
                    return true;
                case '+' or '?' when atStart:
                    Put("\\" + letter);
                    return true;
                case '+' or '?':
                    Quantify(letter.ToString());
                    return true;
                case '{' when !atStart:
                    return Interval();
                default:
                    return false;
            }
        }

        private bool Interval()
        {
            var close = pattern.IndexOf(extended ? "}" : "\\}", at, StringComparison.Ordinal);
            var inside = close < 0 ? "" : pattern[at..close];
            if (close < 0 || inside.Length == 0 || !inside.All(letter => char.IsAsciiDigit(letter) || letter == ','))
            {
                return extended ? false : throw new UsageException($"bad regex '{pattern}': Invalid content of \\{{\\}}", withUsage: false) { Status = 2 };
            }

            at = close + (extended ? 1 : 2);
            Quantify(inside.StartsWith(',') ? $"{{0{inside}}}" : $"{{{inside}}}");
            return true;
        }

        private void Quantify(string quantifier)
        {
            Quantifiers++;
            if (text.Length > 0 && text[^1] is '*' or '+' or '?' or '}' && !(text.Length > 1 && text[^2] == '\\'))
            {
                // Twice in a row means once more in POSIX; here the second would mean lazy or possessive.
                text.Insert(lastPiece, "(?:").Append(')');
            }

            text.Append(quantifier);
        }

        private void Put(string piece)
        {
            lastPiece = text.Length;
            text.Append(piece);
            atStart = false;
        }

        private string Bracket()
        {
            var negated = at < pattern.Length && pattern[at] == '^';
            at += negated ? 1 : 0;
            var members = new StringBuilder();
            for (var first = true; ; first = false)
            {
                if (at >= pattern.Length)
                {
                    throw new UsageException($"bad regex '{pattern}': Unmatched [, [^, [:, [., or [=", withUsage: false) { Status = 2 };
                }

                if (pattern[at] == ']' && !first)
                {
                    at++;
                    return $"[{(negated ? "^" : "")}{members}]";
                }

                members.Append(Member());
            }
        }

        private string Member()
        {
            if (pattern[at] == '[' && at + 1 < pattern.Length && pattern[at + 1] is ':' or '.' or '=')
            {
                var kind = pattern[at + 1];
                var close = pattern.IndexOf($"{kind}]", at + 2, StringComparison.Ordinal);
                if (close > 0)
                {
                    var name = pattern[(at + 2)..close];
                    at = close + 2;
                    return kind == ':' ? CharacterClass.Of(name) ?? throw Bad(pattern) : Quoted(name[0]);
                }
            }

            var from = pattern[at++];
            if (at + 1 < pattern.Length && pattern[at] == '-' && pattern[at + 1] != ']')
            {
                var to = pattern[at + 1];
                at += 2;
                return from <= to ? $"{Quoted(from)}-{Quoted(to)}" : throw new UsageException($"bad regex '{pattern}': Invalid range end", withUsage: false) { Status = 2 };
            }

            return Quoted(from);
        }

        private static string Quoted(char letter) => $"\\x{(int)letter:X2}";
    }
}
