using System.Buffers;

namespace Orleans.StatefulSets.Resources.Selectors;

internal enum LabelToken
{
    End,
    Error,
    Identifier,
    Comma,
    OpenParenthesis,
    CloseParenthesis,
    Not,
    Equals,
    DoubleEquals,
    NotEquals,
    GreaterThan,
    LessThan,
    In,
    NotIn,
}

/// <summary>Cuts a label selector into tokens as the lexer of apimachinery's <c>labels/selector.go</c> does.</summary>
internal sealed class LabelLexer(string text)
{
    private static readonly SearchValues<char> Ends = SearchValues.Create("=!(),<> \t\r\n");

    private static readonly Dictionary<string, LabelToken> Symbols = new(StringComparer.Ordinal)
    {
        [","] = LabelToken.Comma,
        ["("] = LabelToken.OpenParenthesis,
        [")"] = LabelToken.CloseParenthesis,
        ["!"] = LabelToken.Not,
        ["="] = LabelToken.Equals,
        ["=="] = LabelToken.DoubleEquals,
        ["!="] = LabelToken.NotEquals,
        [">"] = LabelToken.GreaterThan,
        ["<"] = LabelToken.LessThan,
    };

    private int at;

    /// <summary>The next token and its text.</summary>
    public (LabelToken Token, string Text) Next()
    {
        while (at < text.Length && text[at] is ' ' or '\t' or '\r' or '\n')
        {
            at++;
        }

        if (at >= text.Length)
        {
            return (LabelToken.End, "");
        }

        return IsSymbol(text[at]) ? Symbol() : Word();
    }

    private (LabelToken Token, string Text) Word()
    {
        var length = text.AsSpan(at).IndexOfAny(Ends);
        var word = length < 0 ? text[at..] : text.Substring(at, length);
        at += word.Length;
        return word switch
        {
            "in" => (LabelToken.In, word),
            "notin" => (LabelToken.NotIn, word),
            _ => (LabelToken.Identifier, word),
        };
    }

    // The longest symbol wins: "==" before "=".
    private (LabelToken Token, string Text) Symbol()
    {
        var length = at + 1 < text.Length && Symbols.ContainsKey(text.Substring(at, 2)) ? 2 : 1;
        var symbol = text.Substring(at, length);
        at += length;
        return (Symbols[symbol], symbol);
    }

    private static bool IsSymbol(char character) => character is '=' or '!' or '(' or ')' or ',' or '<' or '>';
}
