using System.Globalization;

namespace Orleans.StatefulSets.Workloads.Programs.Tools;

/// <summary>expr: computes an expression of words.</summary>
internal sealed class ExprTool() : Tool("+", "EXPRESSION", "expr")
{
    private static readonly string[][] Levels = [["|"], ["&"], ["<", "<=", "=", "==", "!=", ">=", ">"], ["+", "-"], ["*", "/", "%"], [":"]];

    protected override int Misused => 2;

    /// <summary>Every word is the expression's, also one that looks like an option.</summary>
    protected override List<string> Prepare(List<string> arguments) => arguments is ["--", ..] ? arguments : ["--", .. arguments];

    protected override async ValueTask RunAsync(ToolCall call)
    {
        if (call.Operands.Count == 0)
        {
            throw new UsageException("too few arguments", withUsage: false);
        }

        var at = 0;
        var value = Level(call.Operands, ref at, 0);
        if (at != call.Operands.Count)
        {
            throw Syntax();
        }

        await call.WriteLineAsync(value);
        call.Status = IsNull(value) ? 1 : 0;
    }

    private static UsageException Syntax() => new("syntax error", withUsage: false);

    private static string Level(List<string> words, ref int at, int level)
    {
        if (level == Levels.Length)
        {
            return Primary(words, ref at);
        }

        var left = Level(words, ref at, level + 1);
        while (at < words.Count && Levels[level].Contains(words[at]))
        {
            var operation = words[at++];
            left = Apply(operation, left, Level(words, ref at, level + 1));
        }

        return left;
    }

    private static string Primary(List<string> words, ref int at)
    {
        var word = at < words.Count ? words[at++] : throw Syntax();
        switch (word)
        {
            case "(":
                var value = Level(words, ref at, 0);
                return at < words.Count && words[at++] == ")" ? value : throw Syntax();
            case "length":
                return Text(Primary(words, ref at).Length);
            case "match":
                return Match(Primary(words, ref at), Primary(words, ref at));
            case "index":
                var (text, letters) = (Primary(words, ref at), Primary(words, ref at));
                return Text(text.AsSpan().IndexOfAny(letters) + 1);
            case "substr":
                var whole = Primary(words, ref at);
                var (from, count) = (Number(Primary(words, ref at)), Number(Primary(words, ref at)));
                return from < 1 || count < 1 || from > whole.Length ? "" : whole.Substring((int)from - 1, (int)Math.Min(count, whole.Length - from + 1));
            case "quote" or "+":
                return at < words.Count ? words[at++] : throw Syntax();
            default:
                return word;
        }
    }

    private static string Apply(string operation, string left, string right) => operation switch
    {
        "|" => IsNull(left) ? IsNull(right) ? "0" : right : left,
        "&" => IsNull(left) || IsNull(right) ? "0" : left,
        ":" => Match(left, right),
        "+" => Text(Number(left) + Number(right)),
        "-" => Text(Number(left) - Number(right)),
        "*" => Text(Number(left) * Number(right)),
        "/" or "%" when Number(right) == 0 => throw new UsageException("division by zero", withUsage: false),
        "/" => Text(Number(left) / Number(right)),
        "%" => Text(Number(left) % Number(right)),
        _ => Compared(operation, left, right) ? "1" : "0",
    };

    private static bool Compared(string operation, string left, string right)
    {
        var order = long.TryParse(left, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var one) && long.TryParse(right, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var other)
            ? one.CompareTo(other)
            : string.CompareOrdinal(left, right);
        return operation switch { "<" => order < 0, "<=" => order <= 0, ">" => order > 0, ">=" => order >= 0, "!=" => order != 0, _ => order == 0 };
    }

    private static string Match(string text, string pattern)
    {
        var match = PosixRegex.Compile("^" + pattern.TrimStart('^'), extended: false, ignoreCase: false).Match(text);
        return pattern.Contains("\\(", StringComparison.Ordinal) ? match.Groups[1].Value : Text(match.Success ? match.Length : 0);
    }

    private static bool IsNull(string value) => value.Length == 0 || value == "0";

    private static string Text(long number) => number.ToString(CultureInfo.InvariantCulture);

    private static long Number(string text) =>
        long.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var number) ? number : throw new UsageException("non-numeric argument", withUsage: false);
}
