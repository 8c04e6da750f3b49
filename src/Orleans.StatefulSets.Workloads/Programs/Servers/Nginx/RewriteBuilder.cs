using System.Globalization;
using System.Text.RegularExpressions;

namespace Orleans.StatefulSets.Workloads.Programs.Servers.Nginx;

/// <summary>Reads return, rewrite, set, if and break.</summary>
internal static class RewriteBuilder
{
    public static List<RewriteStep> Read(IEnumerable<Directive> directives, ConfigScope scope)
    {
        var steps = new List<RewriteStep>();
        foreach (var directive in directives)
        {
            RewriteStep? step = directive.Name switch
            {
                "return" => Return(directive, scope),
                "rewrite" => Replace(directive, scope),
                "set" => Set(directive, scope),
                "break" => new BreakStep(),
                "if" => If(directive, scope),
                _ => null,
            };
            if (step is not null)
            {
                steps.Add(step);
            }
        }

        return steps;
    }

    /// <summary>An expression of the configuration. Its named groups become variables.</summary>
    public static NginxPattern Expression(Directive directive, string pattern, bool ignoreCase, ConfigScope scope)
    {
        try
        {
            var expression = new NginxPattern(pattern, ignoreCase);
            scope.Declare(expression.Names);
            return expression;
        }
        catch (RegexParseException failure)
        {
            throw directive.Error($"pcre2_compile() failed: {Reason(failure.Error)} in \"{pattern}\"");
        }
    }

    private static string Reason(RegexParseError error) => error switch
    {
        RegexParseError.InsufficientClosingParentheses => "missing closing parenthesis",
        RegexParseError.InsufficientOpeningParentheses => "unmatched closing parenthesis",
        RegexParseError.UnterminatedBracket => "missing terminating ] for character class",
        RegexParseError.QuantifierAfterNothing or RegexParseError.NestedQuantifiersNotParenthesized => "quantifier does not follow a repeatable item",
        _ => "unrecognized character follows \\",
    };

    private static ReturnStep Return(Directive directive, ConfigScope scope)
    {
        var isCode = int.TryParse(directive.Value, NumberStyles.None, CultureInfo.InvariantCulture, out var code);
        if (!isCode && directive.Arguments.Count == 1 && (directive.Value.StartsWith("http://", StringComparison.Ordinal) || directive.Value.StartsWith("https://", StringComparison.Ordinal) || directive.Value.StartsWith('$')))
        {
            return new ReturnStep(302, scope.Text(directive, directive.Value));
        }

        return isCode && code <= 999
            ? new ReturnStep(code, directive.Arguments.Count > 1 ? scope.Text(directive, directive.Arguments[1]) : null)
            : throw directive.Error($"invalid return code \"{directive.Value}\"");
    }

    private static ReplaceStep Replace(Directive directive, ConfigScope scope)
    {
        var pattern = Expression(directive, directive.Value, ignoreCase: false, scope);
        var to = directive.Arguments[1];
        var flag = directive.Arguments.ElementAtOrDefault(2) ?? "";
        if (flag is not ("" or "last" or "break" or "redirect" or "permanent"))
        {
            throw directive.Error($"invalid parameter \"{flag}\"");
        }

        var isUrl = to.StartsWith("http://", StringComparison.Ordinal) || to.StartsWith("https://", StringComparison.Ordinal) || to.StartsWith("$scheme", StringComparison.Ordinal);
        return new ReplaceStep(pattern, scope.Text(directive, to), isUrl && flag is "" ? "redirect" : flag);
    }

    private static SetStep Set(Directive directive, ConfigScope scope)
    {
        if (!directive.Value.StartsWith('$') || directive.Value.Length == 1)
        {
            throw directive.Error($"invalid variable name \"{directive.Value}\"");
        }

        scope.Declare([directive.Value[1..]]);
        return new SetStep(directive.Value[1..], scope.Text(directive, directive.Arguments[1]));
    }

    private static IfStep If(Directive directive, ConfigScope scope)
    {
        var condition = string.Join('\0', directive.Arguments);
        if (!condition.StartsWith('(') || !condition.EndsWith(')'))
        {
            throw directive.Error($"invalid condition \"{directive.Value}\"");
        }

        var words = condition[1..^1].Split('\0', StringSplitOptions.RemoveEmptyEntries);
        var steps = Read(directive.Block!, scope);
        switch (words)
        {
            case [var only] when only.StartsWith('$'):
                return new IfStep(scope.Text(directive, only), "", null, null, steps);
            case [var test, var file] when test.TrimStart('!') is "-f" or "-d" or "-e" or "-x":
                return new IfStep(scope.Text(directive, file), test, null, null, steps);
            case [var subject, "=" or "!=", var operand] when subject.StartsWith('$'):
                return new IfStep(scope.Text(directive, subject), words[1], scope.Text(directive, operand), null, steps);
            case [var subject, "~" or "~*" or "!~" or "!~*", var pattern] when subject.StartsWith('$'):
                return new IfStep(scope.Text(directive, subject), words[1], null, Expression(directive, pattern, words[1].EndsWith('*'), scope), steps);
            default:
                throw directive.Error($"invalid condition \"{string.Join(' ', words)}\"");
        }
    }
}
