namespace Orleans.StatefulSets.Workloads.Programs.Shell.Syntax;

/// <summary>What the lexer tells apart.</summary>
internal enum TokenKind
{
    EndOfText,
    Newline,
    Redirection,
    Word,
    Semicolon,
    Background,
    And,
    Or,
    Pipe,
    LeftParenthesis,
    RightParenthesis,
    EndOfBranch,
}

/// <summary>A token.</summary>
/// <param name="Kind">Its kind.</param>
/// <param name="Start">Where it begins in the text.</param>
/// <param name="Line">The line that it begins on.</param>
internal readonly record struct Token(TokenKind Kind, int Start, int Line)
{
    /// <summary>The word, of a word.</summary>
    public Word? Word { get; init; }

    /// <summary>The operator, of a redirection.</summary>
    public RedirectionKind Operator { get; init; }

    /// <summary>The descriptor's number, of a redirection that begins with one, or its operator's own.</summary>
    public int? Descriptor { get; init; }

    /// <summary>How syntax errors name it.</summary>
    public string Name => Kind switch
    {
        TokenKind.EndOfText => "end of file",
        TokenKind.Newline => "newline",
        TokenKind.Redirection => "redirection",
        TokenKind.Word => Keywords.Has(Word!.Bare) ? $"\"{Word.Bare}\"" : "word",
        TokenKind.Semicolon => "\";\"",
        TokenKind.Background => "\"&\"",
        TokenKind.And => "\"&&\"",
        TokenKind.Or => "\"||\"",
        TokenKind.Pipe => "\"|\"",
        TokenKind.LeftParenthesis => "\"(\"",
        TokenKind.RightParenthesis => "\")\"",
        _ => "\";;\"",
    };
}
