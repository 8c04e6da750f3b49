using System.Text;

namespace Orleans.StatefulSets.Workloads.Programs.Shell.Syntax;

/// <summary>Reads one word: literals, quotes and what begins with a dollar sign or a backquote.</summary>
internal sealed class WordReader(Lexer lexer)
{
    private readonly DollarReader dollars = new(lexer);

    /// <summary>The word that begins at the current character, up to a blank or an operator.</summary>
    public Word Read() => Finish(ReadParts(c => c is ' ' or '\t' or '\n' or ';' or '&' or '|' or '<' or '>' or '(' or ')'));

    /// <summary>The word inside braces, up to one of some characters, which stays. Blanks and operators belong to it.</summary>
    public Word ReadUntil(Func<char, bool> ends) => Finish(ReadParts(ends));

    /// <summary>The word inside braces in double quotes: single quotes are nothing special, double quotes go.</summary>
    public Word ReadQuotedUntil(Func<char, bool> ends) => Finish([new QuotedPart(ReadQuotedParts(ends, dropsQuotes: true))]);

    /// <summary>All that is left, as the text of a here-document.</summary>
    public Word ReadHereDocument() => Finish([new QuotedPart(ReadQuotedParts(_ => false, dropsQuotes: false, isHereDocument: true))]);

    private static Word Finish(IReadOnlyList<WordPart> parts) => new(parts);

    private List<WordPart> ReadParts(Func<char, bool> ends)
    {
        var parts = new List<WordPart>();
        var bare = new StringBuilder();
        while (!lexer.IsAtEnd && !ends(lexer.Current))
        {
            var c = lexer.Current;
            switch (c)
            {
                case '\'':
                    Flush(parts, bare, false);
                    parts.Add(new LiteralPart(ReadSingleQuoted(), true));
                    break;
                case '"':
                    Flush(parts, bare, false);
                    parts.Add(ReadDoubleQuoted());
                    break;
                case '\\' when lexer.Following == '\n':
                    lexer.At += 2;
                    lexer.Line++;
                    break;
                case '\\' when lexer.At + 1 < lexer.Text.Length:
                    Flush(parts, bare, false);
                    parts.Add(new LiteralPart(lexer.Following.ToString(), true));
                    lexer.At += 2;
                    break;
                case '$' or '`':
                    Flush(parts, bare, false);
                    parts.Add(dollars.Read(isQuoted: false));
                    break;
                default:
                    Take(bare);
                    break;
            }
        }

        Flush(parts, bare, false);
        return parts;
    }

    private void Take(StringBuilder to)
    {
        if (lexer.Current == '\n')
        {
            lexer.Line++;
        }

        to.Append(lexer.Current);
        lexer.At++;
    }

    private string ReadSingleQuoted()
    {
        var end = lexer.Text.IndexOf('\'', lexer.At + 1);
        if (end < 0)
        {
            throw new ShellSyntaxException("unterminated quoted string", lexer.Line, isEndOfText: true);
        }

        var text = lexer.Text[(lexer.At + 1)..end];
        lexer.Line += text.Count(c => c == '\n');
        lexer.At = end + 1;
        return text;
    }

    private WordPart ReadDoubleQuoted()
    {
        lexer.At++;
        var parts = ReadQuotedParts(c => c == '"', dropsQuotes: false);
        if (lexer.IsAtEnd)
        {
            throw new ShellSyntaxException("unterminated quoted string", lexer.Line, isEndOfText: true);
        }

        lexer.At++;
        return parts switch
        {
            [] => new LiteralPart("", true),
            [LiteralPart only] => only,
            _ => new QuotedPart(parts),
        };
    }

    private List<WordPart> ReadQuotedParts(Func<char, bool> ends, bool dropsQuotes, bool isHereDocument = false)
    {
        var parts = new List<WordPart>();
        var text = new StringBuilder();
        var isInner = false;
        while (!lexer.IsAtEnd && (isInner || !ends(lexer.Current)))
        {
            switch (lexer.Current)
            {
                case '"' when dropsQuotes:
                    isInner = !isInner;
                    lexer.At++;
                    break;
                case '\\' when lexer.Following == '\n':
                    lexer.At += 2;
                    lexer.Line++;
                    break;
                case '\\' when lexer.Following is '$' or '`' or '\\' || (lexer.Following == '"' && !isHereDocument) || (dropsQuotes && lexer.Following == '}'):
                    text.Append(lexer.Following);
                    lexer.At += 2;
                    break;
                case '$' or '`':
                    Flush(parts, text, true);
                    parts.Add(dollars.Read(isQuoted: true));
                    break;
                default:
                    Take(text);
                    break;
            }
        }

        Flush(parts, text, true);
        return parts;
    }

    private static void Flush(List<WordPart> parts, StringBuilder text, bool isQuoted)
    {
        if (text.Length > 0)
        {
            parts.Add(new LiteralPart(text.ToString(), isQuoted));
            text.Clear();
        }
    }
}
