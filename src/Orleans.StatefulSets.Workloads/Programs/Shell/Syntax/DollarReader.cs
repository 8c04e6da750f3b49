using System.Text;

namespace Orleans.StatefulSets.Workloads.Programs.Shell.Syntax;

/// <summary>Reads what begins with a dollar sign, and backquotes.</summary>
internal sealed class DollarReader(Lexer lexer)
{
    private const int Deepest = 200;

    /// <summary>The part that begins at the current character.</summary>
    public WordPart Read(bool isQuoted)
    {
        if (++lexer.Depth > Deepest)
        {
            throw new ShellSyntaxException("nested too deeply", lexer.Line);
        }

        var part = lexer.Current == '`' ? ReadBackquotes(isQuoted) : ReadDollar(isQuoted);
        lexer.Depth--;
        return part;
    }

    private WordPart ReadDollar(bool isQuoted)
    {
        lexer.At++;
        var c = lexer.Current;
        if (c == '{')
        {
            lexer.At++;
            return new BraceReader(lexer).Read(isQuoted);
        }

        if (c == '(' && lexer.Following == '(')
        {
            return ReadArithmetic();
        }

        if (c == '(')
        {
            lexer.At++;
            return ReadSubstitution();
        }

        if (c == '\'' && !isQuoted)
        {
            return new LiteralPart(ReadAnsiQuoted(), true);
        }

        var name = ReadName();
        return name.Length > 0 ? new ParameterPart(name, ParameterOperation.Value) : new LiteralPart("$", isQuoted);
    }

    private string ReadName()
    {
        var length = Names.LengthAt(lexer.Text, lexer.At);
        if (length == 0 && (char.IsAsciiDigit(lexer.Current) || lexer.Current is '@' or '*' or '#' or '?' or '-' or '$' or '!'))
        {
            length = 1;
        }

        var name = lexer.Text.Substring(lexer.At, length);
        lexer.At += length;
        return name;
    }

    private SubstitutionPart ReadSubstitution()
    {
        // The commands' here-documents are their own.
        var awaited = lexer.Awaited;
        lexer.Awaited = [];
        var commands = new Parser(lexer, _ => null).ParseSubstitution();
        lexer.Awaited = awaited;
        return new SubstitutionPart(commands);
    }

    private ArithmeticPart ReadArithmetic()
    {
        lexer.At += 2;
        var parts = new List<WordPart>();
        var text = new StringBuilder();
        var depth = 0;
        while (!lexer.IsAtEnd)
        {
            var c = lexer.Current;
            if (c == ')' && depth == 0)
            {
                if (lexer.Following != ')')
                {
                    break;
                }

                lexer.At += 2;
                parts.Add(new LiteralPart(text.ToString(), true));
                return new ArithmeticPart(new Word(parts));
            }

            depth += c == '(' ? 1 : c == ')' ? -1 : 0;
            if (c is '$' or '`')
            {
                parts.Add(new LiteralPart(text.ToString(), true));
                text.Clear();
                parts.Add(Read(isQuoted: true));
                continue;
            }

            lexer.Line += c == '\n' ? 1 : 0;
            lexer.At++;
            if (c == '\\' && lexer.Current == '\n')
            {
                lexer.At++;
            }
            else if (c != '"')
            {
                text.Append(c);
            }
        }

        throw new ShellSyntaxException("missing '))'", lexer.Line, isEndOfText: lexer.IsAtEnd);
    }

    private SubstitutionPart ReadBackquotes(bool isQuoted)
    {
        var line = lexer.Line;
        var text = new StringBuilder();
        for (lexer.At++; lexer.Current != '`' || lexer.IsAtEnd; lexer.At++)
        {
            if (lexer.IsAtEnd)
            {
                throw new ShellSyntaxException("EOF in backquote substitution", lexer.Line, isEndOfText: true);
            }

            if (lexer.Current == '\\' && (lexer.Following is '\\' or '`' or '$' || (isQuoted && lexer.Following == '"')))
            {
                lexer.At++;
            }

            lexer.Line += lexer.Current == '\n' ? 1 : 0;
            text.Append(lexer.Current);
        }

        lexer.At++;
        var inner = new Lexer(text.ToString(), line, lexer.Depth);
        return new SubstitutionPart(new Parser(inner, _ => null).ParseAll());
    }

    private string ReadAnsiQuoted()
    {
        var text = new StringBuilder();
        for (lexer.At++; lexer.Current != '\''; lexer.At++)
        {
            if (lexer.IsAtEnd)
            {
                throw new ShellSyntaxException("unterminated quoted string", lexer.Line, isEndOfText: true);
            }

            if (lexer.Current == '\\' && lexer.Following != '\0')
            {
                lexer.At++;
                var at = lexer.At;
                text.Append(Escapes.Read(lexer.Text, ref at, EscapeStyle.AnsiQuote));
                lexer.At = at - 1;
            }
            else
            {
                text.Append(lexer.Current);
            }
        }

        lexer.At++;
        return text.ToString();
    }
}
