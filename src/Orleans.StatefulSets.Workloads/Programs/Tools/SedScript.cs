using System.Text;

namespace Orleans.StatefulSets.Workloads.Programs.Tools;

/// <summary>Reads sed scripts.</summary>
internal sealed class SedScript(string text, bool extended)
{
    private int at;

    /// <exception cref="UsageException">It is none.</exception>
    public List<SedCommand> Parse()
    {
        var commands = new List<SedCommand>();
        var open = new Stack<int>();
        while (true)
        {
            while (at < text.Length && (text[at] is ';' || char.IsWhiteSpace(text[at])))
            {
                at++;
            }

            if (at == text.Length)
            {
                foreach (var start in open)
                {
                    commands[start].End = commands.Count;
                }

                return commands;
            }

            if (text[at] == '#')
            {
                ReadLine();
                continue;
            }

            var command = Command();
            if (command.Name == '{')
            {
                open.Push(commands.Count);
            }
            else if (command.Name == '}')
            {
                commands[open.TryPop(out var start) ? start : throw Wrong("unexpected '}'")].End = commands.Count;
            }

            commands.Add(command);
        }
    }

    private static UsageException Wrong(string message) => new(message, withUsage: false);

    private SedCommand Command()
    {
        var from = Address();
        SedAddress? to = null;
        if (from is not null && Peek() == ',')
        {
            at++;
            SkipBlanks();
            to = Address(second: true) ?? throw Wrong("unexpected ','");
        }

        SkipBlanks();
        var negated = false;
        while (Peek() == '!')
        {
            negated = true;
            at++;
            SkipBlanks();
        }

        if (at == text.Length)
        {
            throw Wrong("missing command");
        }

        var name = text[at++];
        var command = new SedCommand { From = from, To = to, Negated = negated, Name = name };
        switch (name)
        {
            case 's':
                return Substitution(from, to, negated);
            case 'y':
                var (set, other) = Halves();
                var (one, two) = (Escapes.Expand(set), Escapes.Expand(other));
                EndCommand();
                return one.Length == two.Length
                    ? new SedCommand { From = from, To = to, Negated = negated, Name = name, Text = one, Replacement = two }
                    : throw Wrong("strings for 'y' command are different lengths");
            case 'a' or 'i' or 'c':
                return new SedCommand { From = from, To = to, Negated = negated, Name = name, Text = AddedText() };
            case 'b' or 't' or 'T' or ':':
                SkipBlanks();
                return new SedCommand { From = from, To = to, Negated = negated, Name = name, Text = Label() };
            case 'r' or 'w':
                SkipBlanks();
                return new SedCommand { From = from, To = to, Negated = negated, Name = name, Text = ReadLine() };
            case 'q' or 'Q':
                SkipBlanks();
                return new SedCommand { From = from, To = to, Negated = negated, Name = name, Occurrence = (int)(Digits() ?? 0), Text = Ended() };
            case '{':
                return command;
            case '}' or '=' or 'd' or 'D' or 'g' or 'G' or 'h' or 'H' or 'l' or 'n' or 'N' or 'p' or 'P' or 'x':
                EndCommand();
                return command;
            default:
                throw Wrong($"unsupported command {name}");
        }
    }

    private string Ended()
    {
        EndCommand();
        return "";
    }

    private SedAddress? Address(bool second = false)
    {
        if (second && Peek() == '+')
        {
            at++;
            return new SedAddress(Follow: Digits() ?? 0);
        }

        if (Digits() is { } line)
        {
            if (Peek() != '~')
            {
                return new SedAddress(Line: line);
            }

            at++;
            return new SedAddress(Line: line, Step: Digits() ?? 0);
        }

        if (Peek() == '$')
        {
            at++;
            return new SedAddress(IsLast: true);
        }

        if (Peek() is not ('/' or '\\'))
        {
            return null;
        }

        var mark = text[at] == '\\' && at + 1 < text.Length ? text[++at] : '/';
        at++;
        var pattern = Until(mark, keepEscaped: true);
        var ignoreCase = Peek() == 'I';
        at += ignoreCase ? 1 : 0;
        return pattern.Length == 0 ? new SedAddress { UsesLast = true } : new SedAddress(Pattern: PosixRegex.Compile(pattern, extended, ignoreCase));
    }

    private SedCommand Substitution(SedAddress? from, SedAddress? to, bool negated)
    {
        var (pattern, replacement) = Halves();
        var (global, print, ignoreCase, file) = (false, false, false, "");
        long occurrence = 1;
        while (at < text.Length && text[at] is not (';' or '\n' or '}' or '#'))
        {
            var flag = text[at];
            if (Digits() is { } number)
            {
                occurrence = number;
                continue;
            }

            at++;
            switch (flag)
            {
                case 'g':
                    global = true;
                    break;
                case 'p':
                    print = true;
                    break;
                case 'i' or 'I':
                    ignoreCase = true;
                    break;
                case 'w':
                    SkipBlanks();
                    file = ReadLine();
                    break;
                case ' ' or '\t':
                    break;
                default:
                    throw Wrong("bad option in substitution expression");
            }
        }

        return new SedCommand
        {
            From = from,
            To = to,
            Negated = negated,
            Name = 's',
            Pattern = pattern.Length == 0 ? null : PosixRegex.Compile(pattern, extended, ignoreCase),
            Replacement = replacement,
            Global = global,
            Print = print,
            Occurrence = (int)Math.Max(1, occurrence),
            Text = file,
        };
    }

    private (string One, string Other) Halves()
    {
        if (at >= text.Length || text[at] is '\n' or '\\')
        {
            throw Wrong("bad format in substitution expression");
        }

        var mark = text[at++];
        return (Until(mark, keepEscaped: true), Until(mark, keepEscaped: false));
    }

    /// <summary>Up to a mark, which may stand escaped or, in a pattern, in brackets.</summary>
    private string Until(char mark, bool keepEscaped)
    {
        var part = new StringBuilder();
        var inBracket = false;
        for (; at < text.Length; at++)
        {
            var letter = text[at];
            if (letter == '\\' && at + 1 < text.Length && !inBracket)
            {
                var next = text[++at];
                if (next == mark)
                {
                    part.Append(!keepEscaped && mark is '&' ? "\\&" : mark.ToString());
                }
                else
                {
                    part.Append(letter).Append(next);
                }

                continue;
            }

            if (keepEscaped && letter == '[' && !inBracket)
            {
                inBracket = text.IndexOf(']', at + 1) > 0;
                part.Append(letter);
                for (; inBracket && at + 1 < text.Length && text[at + 1] is '^' or ']'; at++)
                {
                    part.Append(text[at + 1]);
                }

                continue;
            }

            inBracket = inBracket && letter != ']';
            if (letter == mark && !inBracket)
            {
                at++;
                return part.ToString();
            }

            part.Append(letter);
        }

        throw Wrong("bad format in substitution expression");
    }

    private string AddedText()
    {
        SkipBlanks();
        if (Peek() == '\\')
        {
            at++;
            at += Peek() == '\n' ? 1 : 0;
        }

        var added = new StringBuilder();
        for (; at < text.Length && text[at] != '\n'; at++)
        {
            if (text[at] == '\\' && at + 1 < text.Length)
            {
                at++;
            }

            added.Append(text[at]);
        }

        at += at < text.Length ? 1 : 0;
        return added.Append('\n').ToString();
    }

    private string Label()
    {
        var start = at;
        while (at < text.Length && text[at] is not (';' or '\n' or '}'))
        {
            at++;
        }

        return text[start..at].Trim();
    }

    private string ReadLine()
    {
        var start = at;
        while (at < text.Length && text[at] != '\n')
        {
            at++;
        }

        return text[start..at];
    }

    private void EndCommand()
    {
        SkipBlanks();
        if (at < text.Length && text[at] is not (';' or '\n' or '}' or '#'))
        {
            throw Wrong("extra characters after command");
        }
    }

    private long? Digits()
    {
        var start = at;
        while (at < text.Length && char.IsAsciiDigit(text[at]))
        {
            at++;
        }

        return at > start ? ToolCall.Number(text[start..at]) : null;
    }

    private char Peek() => at < text.Length ? text[at] : '\0';

    private void SkipBlanks()
    {
        while (Peek() is ' ' or '\t')
        {
            at++;
        }
    }
}
