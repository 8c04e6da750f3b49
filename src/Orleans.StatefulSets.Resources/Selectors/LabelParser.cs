using Orleans.StatefulSets.Resources.Decoding;

namespace Orleans.StatefulSets.Resources.Selectors;

/// <summary>A selector that does not parse; the message is apimachinery's.</summary>
internal sealed class SelectorException(string message) : Exception(message);

/// <summary>The parser of apimachinery's <c>labels/selector.go</c>, with its grammar, its quirks and its texts.</summary>
internal sealed class LabelParser
{
    private const string BinaryOperators = "in, notin, =, ==, !=, gt, lt";

    private readonly List<(LabelToken Token, string Text)> tokens = [];
    private int at;

    private LabelParser(string text)
    {
        var lexer = new LabelLexer(text);
        do
        {
            tokens.Add(lexer.Next());
        }
        while (tokens[^1].Token != LabelToken.End);
    }

    public static List<LabelRequirement> Parse(string text) => new LabelParser(text).Requirements();

    private List<LabelRequirement> Requirements()
    {
        var requirements = new List<LabelRequirement>();
        while (true)
        {
            var (token, text) = Peek();
            switch (token)
            {
                case LabelToken.Identifier or LabelToken.Not:
                    requirements.Add(RequirementOrComplaint());
                    var (next, nextText) = Take();
                    if (next == LabelToken.End)
                    {
                        return requirements;
                    }

                    if (next != LabelToken.Comma)
                    {
                        throw new SelectorException($"found '{nextText}', expected: ',' or 'end of string'");
                    }

                    if (Peek() is { Token: not (LabelToken.Identifier or LabelToken.Not) } stray)
                    {
                        throw new SelectorException($"found '{stray.Text}', expected: identifier after ','");
                    }

                    break;
                case LabelToken.End:
                    return requirements;
                default:
                    throw new SelectorException($"found '{text}', expected: !, identifier, or 'end of string'");
            }
        }
    }

    private LabelRequirement RequirementOrComplaint()
    {
        try
        {
            return Requirement();
        }
        catch (SelectorException complaint)
        {
            throw new SelectorException($"unable to parse requirement: {complaint.Message}");
        }
    }

    private LabelRequirement Requirement()
    {
        var (token, key) = Take();
        var negated = token == LabelToken.Not;
        if (negated)
        {
            (token, key) = Take();
        }

        if (token != LabelToken.Identifier)
        {
            throw new SelectorException($"found '{key}', expected: identifier");
        }

        if (LabelSyntax.KeyComplaints(key) is { Count: > 0 } complaints)
        {
            throw new SelectorException($"<nil>: Invalid value: {GoText.Quote(key)}: {string.Join("; ", complaints)}");
        }

        if (negated || Peek().Token is LabelToken.End or LabelToken.Comma)
        {
            return new LabelRequirement(key, negated ? LabelOperator.DoesNotExist : LabelOperator.Exists, []);
        }

        return Comparison(key);
    }

    private LabelRequirement Comparison(string key)
    {
        var (token, text) = tokens[at++];
        switch (token)
        {
            case LabelToken.In or LabelToken.NotIn:
                var values = ValueList();
                CheckValues(key, values, token);
                return new LabelRequirement(key, token == LabelToken.In ? LabelOperator.In : LabelOperator.NotIn, values);
            case LabelToken.Equals or LabelToken.DoubleEquals or LabelToken.NotEquals or LabelToken.GreaterThan or LabelToken.LessThan:
                var exact = new[] { ExactValue() };
                CheckValues(key, exact, token);
                return new LabelRequirement(key, OperatorOf(token), exact);
            default:
                throw new SelectorException($"found '{text}', expected: {BinaryOperators}");
        }
    }

    private static LabelOperator OperatorOf(LabelToken token) => token switch
    {
        LabelToken.NotEquals => LabelOperator.NotIn,
        LabelToken.GreaterThan => LabelOperator.GreaterThan,
        LabelToken.LessThan => LabelOperator.LessThan,
        _ => LabelOperator.In,
    };

    private static void CheckValues(string key, IReadOnlyList<string> values, LabelToken token)
    {
        var errors = new List<string>();
        if (values.Count == 0)
        {
            errors.Add("values: Invalid value: []string{}: for 'in', 'notin' operators, values set can't be empty");
        }

        if (token is LabelToken.GreaterThan or LabelToken.LessThan && !long.TryParse(values[0], out _))
        {
            errors.Add($"values[0]: Invalid value: {GoText.Quote(values[0])}: for 'Gt', 'Lt' operators, the value must be an integer");
        }

        for (var index = 0; index < values.Count; index++)
        {
            if (LabelSyntax.ValueComplaints(values[index]) is { Count: > 0 } complaints)
            {
                errors.Add($"values[{index}][{key}]: Invalid value: {GoText.Quote(values[index])}: {string.Join("; ", complaints)}");
            }
        }

        if (errors.Count > 0)
        {
            throw new SelectorException(errors.Count == 1 ? errors[0] : $"[{string.Join(", ", errors)}]");
        }
    }

    private List<string> ValueList()
    {
        var (token, text) = Take();
        if (token != LabelToken.OpenParenthesis)
        {
            throw new SelectorException($"found '{text}' expected: '('");
        }

        (token, text) = Peek();
        switch (token)
        {
            case LabelToken.Identifier or LabelToken.Comma:
                var values = Identifiers();
                return Take().Token == LabelToken.CloseParenthesis
                    ? values
                    : throw new SelectorException($"found '{text}', expected: ')'");
            case LabelToken.CloseParenthesis:
                Take();
                return [];
            default:
                throw new SelectorException($"found '{text}', expected: ',', ')' or identifier");
        }
    }

    // An empty place between commas or parentheses stands for the empty value.
    private List<string> Identifiers()
    {
        var values = new SortedSet<string>(StringComparer.Ordinal);
        while (true)
        {
            var (token, text) = Take();
            switch (token)
            {
                case LabelToken.Identifier:
                    values.Add(text);
                    var (next, nextText) = Peek();
                    if (next == LabelToken.CloseParenthesis)
                    {
                        return [.. values];
                    }

                    if (next != LabelToken.Comma)
                    {
                        throw new SelectorException($"found '{nextText}', expected: ',' or ')'");
                    }

                    break;
                case LabelToken.Comma:
                    if (values.Count == 0)
                    {
                        values.Add("");
                    }

                    if (Peek().Token == LabelToken.CloseParenthesis)
                    {
                        values.Add("");
                        return [.. values];
                    }

                    if (Peek().Token == LabelToken.Comma)
                    {
                        Take();
                        values.Add("");
                    }

                    break;
                default:
                    throw new SelectorException($"found '{text}', expected: ',', or identifier");
            }
        }
    }

    private string ExactValue()
    {
        if (Peek().Token is LabelToken.End or LabelToken.Comma)
        {
            return "";
        }

        var (token, text) = Take();
        return token == LabelToken.Identifier ? text : throw new SelectorException($"found '{text}', expected: identifier");
    }

    // Where a value may stand, "in" and "notin" are plain words.
    private (LabelToken Token, string Text) Peek()
    {
        var item = tokens[Math.Min(at, tokens.Count - 1)];
        return item.Token is LabelToken.In or LabelToken.NotIn ? (LabelToken.Identifier, item.Text) : item;
    }

    private (LabelToken Token, string Text) Take()
    {
        var item = Peek();
        at++;
        return item;
    }
}
