namespace Orleans.StatefulSets.Workloads.Programs.Shell.Expansion;

/// <summary>Evaluates <c>$((expressions))</c>: C's operators on 64-bit integers, as ash has them.</summary>
/// <param name="text">The expression.</param>
/// <param name="variables">The shell's variables, which it may set.</param>
/// <param name="depth">How deep in values of variables that are expressions themselves.</param>
internal sealed class Arithmetic(string text, Variables variables, int depth = 0)
{
    private const int Deepest = 100;
    private static readonly string[] Assignments = ["<<=", ">>=", "+=", "-=", "*=", "/=", "%=", "&=", "^=", "|=", "="];
    private int at;
    private int nesting;

    // Of the side of ?:, && and || that does not count, nothing is assigned and nothing divides.
    private int skipping;

    /// <summary>The value; an empty expression is 0.</summary>
    public static long Evaluate(string text, Variables variables, int depth = 0)
    {
        var arithmetic = new Arithmetic(text, variables, depth);
        return arithmetic.Whole();
    }

    private long Whole()
    {
        SkipBlanks();
        if (at == text.Length)
        {
            return 0;
        }

        var value = Comma();
        return at == text.Length ? value : throw Wrong();
    }

    private long Comma()
    {
        if (++nesting > Deepest)
        {
            throw Wrong();
        }

        var value = Assignment();
        while (Take(","))
        {
            value = Assignment();
        }

        nesting--;
        return value;
    }

    private long Assignment()
    {
        var start = at;
        if (Name() is { } name)
        {
            foreach (var sign in Assignments)
            {
                if (Looking(sign) && !(sign == "=" && Looking("==")))
                {
                    at += sign.Length;
                    SkipBlanks();
                    return Assign(name, sign);
                }
            }
        }

        at = start;
        return Conditional();
    }

    private long Assign(string name, string sign)
    {
        if (++nesting > Deepest)
        {
            throw Wrong();
        }

        var right = Assignment();
        nesting--;
        return Set(name, sign == "=" ? right : Apply(sign[..^1], ValueOf(name), right));
    }

    private long Conditional()
    {
        var condition = Binary(0);
        if (!Take("?"))
        {
            return condition;
        }

        var whenTrue = Skipping(condition == 0, Comma);
        if (!Take(":"))
        {
            throw new ShellError("malformed ?: operator");
        }

        var whenFalse = Skipping(condition != 0, Assignment);
        return condition != 0 ? whenTrue : whenFalse;
    }

    private long Binary(int level)
    {
        if (level == Operators.Length)
        {
            return Power();
        }

        var left = Binary(level + 1);
        while (Operator(Operators[level]) is { } sign)
        {
            var decided = (sign == "&&" && left == 0) || (sign == "||" && left != 0);
            var right = Skipping(decided, () => Binary(level + 1));
            left = sign switch
            {
                "&&" => left != 0 && right != 0 ? 1 : 0,
                "||" => left != 0 || right != 0 ? 1 : 0,
                _ => Apply(sign, left, right),
            };
        }

        return left;
    }

    private static readonly string[][] Operators =
    [
        ["||"], ["&&"], ["|"], ["^"], ["&"], ["==", "!="], ["<=", ">=", "<", ">"], ["<<", ">>"], ["+", "-"], ["*", "/", "%"],
    ];

    private string? Operator(string[] signs)
    {
        foreach (var sign in signs)
        {
            if (!Looking(sign))
            {
                continue;
            }

            var after = at + sign.Length < text.Length ? text[at + sign.Length] : '\0';
            var isLonger = after == '=' && sign is not ("==" or "!=" or "<=" or ">=" or "<" or ">") && sign is not ("&&" or "||");
            isLonger |= sign is "|" or "&" or "<" or ">" or "*" && after == sign[0];
            if (!isLonger)
            {
                at += sign.Length;
                SkipBlanks();
                return sign;
            }
        }

        return null;
    }

    private long Power()
    {
        var left = Unary();
        if (!Take("**"))
        {
            return left;
        }

        var exponent = Power();
        if (exponent < 0)
        {
            throw new ShellError("exponent less than 0");
        }

        var value = 1L;
        for (; exponent > 0; exponent >>= 1, left = unchecked(left * left))
        {
            value = (exponent & 1) != 0 ? unchecked(value * left) : value;
        }

        return value;
    }

    private long Unary()
    {
        if (++nesting > Deepest)
        {
            throw Wrong();
        }

        var value = Looking("++") || Looking("--") ? Prefixed()
            : Take("!") ? (Unary() == 0 ? 1 : 0)
            : Take("~") ? ~Unary()
            : Take("-") ? unchecked(-Unary())
            : Take("+") ? Unary()
            : Primary();
        nesting--;
        return value;
    }

    private long Prefixed()
    {
        var step = text[at] == '+' ? 1 : -1;
        var start = at;
        at += 2;
        SkipBlanks();
        if (Name() is { } name)
        {
            return Set(name, ValueOf(name) + step);
        }

        // Two signs before a number are just two signs.
        at = start + 1;
        return step * Unary();
    }

    private long Primary()
    {
        if (Take("("))
        {
            var value = Comma();
            return Take(")") ? value : throw Wrong();
        }

        if (at < text.Length && char.IsAsciiDigit(text[at]))
        {
            return Number();
        }

        var name = Name() ?? throw Wrong();
        var now = ValueOf(name);
        if (Take("++"))
        {
            Set(name, now + 1);
        }
        else if (Take("--"))
        {
            Set(name, now - 1);
        }

        return now;
    }

    private long Number()
    {
        var start = at;
        while (at < text.Length && (char.IsAsciiLetterOrDigit(text[at]) || text[at] is '#' or '_' or '@'))
        {
            at++;
        }

        var value = NumberText.Parse(text[start..at]) ?? throw Wrong();
        SkipBlanks();
        return value;
    }

    private string? Name()
    {
        var length = Syntax.Names.LengthAt(text, at);
        if (length == 0)
        {
            return null;
        }

        var name = text.Substring(at, length);
        at += length;
        SkipBlanks();
        return name;
    }

    private long ValueOf(string name)
    {
        if (variables.Get(name) is not { } value)
        {
            return variables.DemandsAll && skipping == 0 ? throw new ShellError($"{name}: parameter not set") : 0;
        }

        if (NumberText.Parse(value) is { } number)
        {
            return number;
        }

        return depth < 20 ? Evaluate(value, variables, depth + 1) : throw new ShellError("expression recursion loop detected");
    }

    private long Set(string name, long value)
    {
        if (skipping == 0)
        {
            variables.Set(name, value.ToString(System.Globalization.CultureInfo.InvariantCulture));
        }

        return value;
    }

    private long Apply(string sign, long left, long right) => sign switch
    {
        "|" => left | right,
        "^" => left ^ right,
        "&" => left & right,
        "==" => left == right ? 1 : 0,
        "!=" => left != right ? 1 : 0,
        "<=" => left <= right ? 1 : 0,
        ">=" => left >= right ? 1 : 0,
        "<" => left < right ? 1 : 0,
        ">" => left > right ? 1 : 0,
        "<<" => left << (int)right,
        ">>" => left >> (int)right,
        "+" => unchecked(left + right),
        "-" => unchecked(left - right),
        "*" => unchecked(left * right),
        _ => Divide(sign, left, right),
    };

    private long Divide(string sign, long left, long right)
    {
        if (right == 0)
        {
            return skipping > 0 ? 0 : throw new ShellError("divide by zero");
        }

        // The smallest number has no counterpart, and the processor would trap.
        return right == -1 ? (sign == "/" ? unchecked(-left) : 0) : sign == "/" ? left / right : left % right;
    }

    private long Skipping(bool skips, Func<long> side)
    {
        skipping += skips ? 1 : 0;
        var value = side();
        skipping -= skips ? 1 : 0;
        return value;
    }

    private bool Looking(string sign) => string.CompareOrdinal(text, at, sign, 0, sign.Length) == 0;

    private bool Take(string sign)
    {
        if (!Looking(sign))
        {
            return false;
        }

        at += sign.Length;
        SkipBlanks();
        return true;
    }

    private void SkipBlanks()
    {
        while (at < text.Length && (text[at] is ' ' or '\t' or '\n' or '\r'))
        {
            at++;
        }
    }

    private static ShellError Wrong() => new("arithmetic syntax error");
}
