namespace Orleans.StatefulSets.Workloads.Programs.Shell.Syntax;

/// <summary>Reads what stands between <c>${</c> and <c>}</c>.</summary>
internal sealed class BraceReader(Lexer lexer)
{
    private readonly WordReader words = new(lexer);

    /// <summary>The part; the current character is the one behind the brace.</summary>
    public ParameterPart Read(bool isQuoted)
    {
        if (lexer.Current == '#' && LengthName() is { } measured)
        {
            return new ParameterPart(measured, ParameterOperation.Length);
        }

        var name = Name();
        if (name.Length == 0)
        {
            throw Bad();
        }

        if (lexer.Current == '}')
        {
            lexer.At++;
            return new ParameterPart(name, ParameterOperation.Value);
        }

        var part = lexer.Current switch
        {
            ':' when lexer.Following is '-' or '=' or '?' or '+' => Alternative(name, isQuoted, true),
            ':' => Substring(name),
            '-' or '=' or '?' or '+' => Alternative(name, isQuoted, false),
            '%' => Trim(name, '%', ParameterOperation.ShortestSuffix, ParameterOperation.LongestSuffix),
            '#' => Trim(name, '#', ParameterOperation.ShortestPrefix, ParameterOperation.LongestPrefix),
            '/' => Replace(name),
            _ => throw Bad(),
        };
        if (lexer.Current != '}' || lexer.IsAtEnd)
        {
            throw new ShellSyntaxException("missing '}'", lexer.Line, isEndOfText: lexer.IsAtEnd);
        }

        lexer.At++;
        return part;
    }

    /// <summary>The name behind <c>${#</c>, where the brace closes right behind it.</summary>
    private string? LengthName()
    {
        var start = lexer.At;
        lexer.At++;
        var name = Name();
        if (name.Length > 0 && lexer.Current == '}')
        {
            lexer.At++;
            return name;
        }

        lexer.At = start;
        return null;
    }

    private string Name()
    {
        var end = lexer.At + Names.LengthAt(lexer.Text, lexer.At);
        if (end == lexer.At && lexer.Current is '@' or '*' or '#' or '?' or '-' or '$' or '!')
        {
            end++;
        }
        else if (end == lexer.At)
        {
            while (end < lexer.Text.Length && char.IsAsciiDigit(lexer.Text[end]))
            {
                end++;
            }
        }

        var name = lexer.Text[lexer.At..end];
        lexer.At = end;
        return name;
    }

    private ParameterPart Alternative(string name, bool isQuoted, bool orEmpty)
    {
        lexer.At += orEmpty ? 1 : 0;
        var operation = lexer.Current switch
        {
            '-' => ParameterOperation.Default,
            '=' => ParameterOperation.Assign,
            '?' => ParameterOperation.Demand,
            _ => ParameterOperation.Alternative,
        };
        lexer.At++;
        return new ParameterPart(name, operation, orEmpty, isQuoted ? words.ReadQuotedUntil(c => c == '}') : words.ReadUntil(c => c == '}'));
    }

    private ParameterPart Trim(string name, char sign, ParameterOperation once, ParameterOperation twice)
    {
        lexer.At++;
        var isDouble = lexer.Current == sign;
        lexer.At += isDouble ? 1 : 0;
        return new ParameterPart(name, isDouble ? twice : once, First: words.ReadUntil(c => c == '}'));
    }

    private ParameterPart Replace(string name)
    {
        lexer.At++;
        var isAll = lexer.Current == '/';
        lexer.At += isAll ? 1 : 0;
        var pattern = words.ReadUntil(c => c is '/' or '}');
        Word? text = null;
        if (lexer.Current == '/')
        {
            lexer.At++;
            text = words.ReadUntil(c => c == '}');
        }

        return new ParameterPart(name, isAll ? ParameterOperation.ReplaceAll : ParameterOperation.ReplaceFirst, First: pattern, Second: text);
    }

    private ParameterPart Substring(string name)
    {
        lexer.At++;
        var offset = words.ReadUntil(c => c is ':' or '}');
        Word? length = null;
        if (lexer.Current == ':')
        {
            lexer.At++;
            length = words.ReadUntil(c => c == '}');
        }

        return new ParameterPart(name, ParameterOperation.Substring, First: offset, Second: length);
    }

    private ShellSyntaxException Bad() => new("bad substitution", lexer.Line, isEndOfText: lexer.IsAtEnd);
}
