namespace Orleans.StatefulSets.Workloads.Programs.Shell.Syntax;

/// <summary>Cuts a text into tokens, one at a time, as the parser asks for them.</summary>
internal sealed class Lexer
{
    private readonly List<(string Name, int End)> aliases = [];
    private readonly WordReader words;
    private int inserted;

    public Lexer(string text, int firstLine = 1, int depth = 0)
    {
        Text = text;
        Line = firstLine;
        Depth = depth;
        words = new WordReader(this);
    }

    /// <summary>Whether the text is a beginning, of which more can be had.</summary>
    public bool MoreMayCome { get; init; }

    /// <summary>The text, with aliases put in.</summary>
    public string Text { get; private set; }

    /// <summary>The next character's index.</summary>
    public int At { get; set; }

    /// <summary>The line that it stands on, from 1.</summary>
    public int Line { get; set; }

    /// <summary>How deep in substitutions and compound commands.</summary>
    public int Depth { get; set; }

    /// <summary>Characters of the original text consumed.</summary>
    public int Consumed => At - inserted;

    /// <summary>Here-documents whose text begins behind the next newline.</summary>
    public List<Redirection> Awaited { get; set; } = [];

    /// <summary>The next character, or NUL at the end.</summary>
    public char Current => At < Text.Length ? Text[At] : '\0';

    /// <summary>Where the text of an alias ends whose last character is a blank, so that the word behind may be an alias, too; -1 for none.</summary>
    public int BlankAliasEnd { get; set; } = -1;

    /// <summary>Whether nothing is left.</summary>
    public bool IsAtEnd => At >= Text.Length;

    /// <summary>The character behind the next.</summary>
    public char Following => At + 1 < Text.Length ? Text[At + 1] : '\0';

    /// <summary>Puts an alias's text where its name stands, unless this very alias is being expanded there.</summary>
    /// <param name="name">The name.</param>
    /// <param name="start">Where it begins; it ends at the current character.</param>
    /// <param name="value">The text.</param>
    /// <returns>Whether it was put in.</returns>
    public bool InsertAlias(string name, int start, string value)
    {
        aliases.RemoveAll(alias => alias.End <= start);
        if (aliases.Any(alias => alias.Name == name))
        {
            return false;
        }

        // A blank keeps the alias's end from joining what follows, and ends its scope behind its own last word.
        var text = value + " ";
        var growth = text.Length - (At - start);
        Text = string.Concat(Text.AsSpan(0, start), text, Text.AsSpan(At));
        for (var i = 0; i < aliases.Count; i++)
        {
            aliases[i] = aliases[i] with { End = aliases[i].End + growth };
        }

        aliases.Add((name, start + text.Length));
        BlankAliasEnd = value.EndsWith(' ') || value.EndsWith('\t') ? start + text.Length : -1;
        inserted += growth;
        At = start;
        return true;
    }

    /// <summary>The next token.</summary>
    public Token Next()
    {
        SkipBlanks();
        var (start, line) = (At, Line);
        if (IsAtEnd)
        {
            return new Token(TokenKind.EndOfText, start, line);
        }

        switch (Current)
        {
            case '\n':
                At++;
                Line++;
                ReadHereDocuments();
                return new Token(TokenKind.Newline, start, line);
            case ';':
                return Operator(TokenKind.Semicolon, ';', TokenKind.EndOfBranch);
            case '&' when Following == '>':
                At += 2;
                return new Token(TokenKind.Redirection, start, line) { Operator = RedirectionKind.WriteBoth, Descriptor = 1 };
            case '&':
                return Operator(TokenKind.Background, '&', TokenKind.And);
            case '|':
                return Operator(TokenKind.Pipe, '|', TokenKind.Or);
            case '(':
                return Operator(TokenKind.LeftParenthesis);
            case ')':
                return Operator(TokenKind.RightParenthesis);
            case '<' or '>':
                return ReadRedirection(null);
            default:
                return ReadNumberedRedirection() ?? new Token(TokenKind.Word, start, line) { Word = words.Read() };
        }
    }

    /// <summary>The next token's first character, without taking it.</summary>
    public char Peek()
    {
        SkipBlanks();
        return Current;
    }

    private Token Operator(TokenKind kind, char twice = '\0', TokenKind doubled = default)
    {
        var token = new Token(Following == twice && twice != '\0' ? doubled : kind, At, Line);
        At += token.Kind == kind ? 1 : 2;
        return token;
    }

    private Token? ReadNumberedRedirection()
    {
        var end = At;
        while (end < Text.Length && char.IsAsciiDigit(Text[end]) && end - At < 9)
        {
            end++;
        }

        if (end == At || end >= Text.Length || Text[end] is not ('<' or '>'))
        {
            return null;
        }

        var number = int.Parse(Text.AsSpan(At, end - At), System.Globalization.CultureInfo.InvariantCulture);
        At = end;
        return ReadRedirection(number);
    }

    private Token ReadRedirection(int? number)
    {
        var (start, line) = (At, Line);
        var rest = Text.AsSpan(At);
        var (length, kind) = rest switch
        {
            ['<', '<', '-', ..] => (3, RedirectionKind.HereDocumentWithoutTabs),
            ['<', '<', ..] => (2, RedirectionKind.HereDocument),
            ['<', '>', ..] => (2, RedirectionKind.ReadWrite),
            ['<', '&', ..] or ['>', '&', ..] => (2, RedirectionKind.Duplicate),
            ['>', '>', ..] => (2, RedirectionKind.Append),
            ['>', '|', ..] => (2, RedirectionKind.Overwrite),
            ['<', ..] => (1, RedirectionKind.Read),
            _ => (1, RedirectionKind.Write),
        };
        At += length;
        return new Token(TokenKind.Redirection, start, line) { Operator = kind, Descriptor = number ?? (rest[0] == '<' ? 0 : 1) };
    }

    private void SkipBlanks()
    {
        while (true)
        {
            if (Current is ' ' or '\t')
            {
                At++;
            }
            else if (Current == '\\' && Following == '\n')
            {
                At += 2;
                Line++;
            }
            else if (Current == '#')
            {
                var end = Text.IndexOf('\n', At);
                At = end < 0 ? Text.Length : end;
                return;
            }
            else
            {
                return;
            }
        }
    }

    private void ReadHereDocuments()
    {
        if (Awaited.Count == 0)
        {
            return;
        }

        var awaited = Awaited;
        Awaited = [];
        foreach (var redirection in awaited)
        {
            redirection.Text = HereDocumentReader.Read(this, redirection);
        }
    }
}
