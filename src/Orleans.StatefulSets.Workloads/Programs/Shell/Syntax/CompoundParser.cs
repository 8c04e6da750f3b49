namespace Orleans.StatefulSets.Workloads.Programs.Shell.Syntax;

/// <summary>Parses the commands that have commands in them.</summary>
internal sealed class CompoundParser(Lexer lexer)
{
    private const int Deepest = 200;

    /// <summary>The compound command that begins at the next token; null where a simple one does.</summary>
    public Command? Parse(Parser parser)
    {
        var token = parser.Peek();
        if (token.Kind != TokenKind.LeftParenthesis && !Keywords.Has(token.Word?.Bare))
        {
            return null;
        }

        if (++lexer.Depth > Deepest)
        {
            throw new ShellSyntaxException("nested too deeply", token.Line);
        }

        parser.Next();
        Command command = token.Kind == TokenKind.LeftParenthesis ? ParseSubshell(parser) : token.Word!.Bare switch
        {
            "{" => ParseGroup(parser),
            "if" => ParseIf(parser),
            "while" => ParseWhile(parser, false),
            "until" => ParseWhile(parser, true),
            "for" => ParseFor(parser),
            "case" => ParseCase(parser),
            "function" => ParseFunctionKeyword(parser),
            _ => throw Parser.Unexpected(token),
        };
        lexer.Depth--;
        return command;
    }

    /// <summary>A function's body; its name and parentheses are gone already.</summary>
    public FunctionDefinition ParseFunction(Parser parser, Word name, Token at)
    {
        if (name.Bare is not { } bare || !Names.IsName(bare))
        {
            throw new ShellSyntaxException("bad function name", at.Line);
        }

        parser.SkipNewlines();
        var first = parser.Peek();
        var body = Parse(parser) ?? throw Parser.Unexpected(first);
        var redirections = parser.ParseRedirections();
        return new FunctionDefinition(bare, redirections.Count == 0 ? body : new RedirectedCommand(body, redirections));
    }

    private static Subshell ParseSubshell(Parser parser)
    {
        var body = parser.RequireList();
        parser.Expect(TokenKind.RightParenthesis, "\")\"");
        return new Subshell(body);
    }

    private static Command ParseGroup(Parser parser)
    {
        var body = parser.RequireList();
        parser.Expect("}");
        return body is Sequence ? body : new Sequence([body]);
    }

    private static IfCommand ParseIf(Parser parser)
    {
        var branches = new List<ConditionalBranch>();
        Command? otherwise = null;
        do
        {
            var condition = parser.RequireList();
            parser.Expect("then");
            branches.Add(new ConditionalBranch(condition, parser.RequireList()));
        }
        while (TakeKeyword(parser, "elif"));

        if (TakeKeyword(parser, "else"))
        {
            otherwise = parser.RequireList();
        }

        parser.Expect("fi");
        return new IfCommand(branches, otherwise);
    }

    private static WhileCommand ParseWhile(Parser parser, bool isUntil)
    {
        var condition = parser.RequireList();
        parser.Expect("do");
        var body = parser.RequireList();
        parser.Expect("done");
        return new WhileCommand(condition, body, isUntil);
    }

    private static ForCommand ParseFor(Parser parser)
    {
        var name = parser.Next();
        if (name.Word?.Bare is not { } bare || !Names.IsName(bare))
        {
            throw new ShellSyntaxException("bad for loop variable", name.Line, name.Kind == TokenKind.EndOfText);
        }

        parser.SkipNewlines();
        List<Word>? words = null;
        if (TakeKeyword(parser, "in"))
        {
            words = [];
            while (parser.Peek().Kind == TokenKind.Word)
            {
                words.Add(parser.Next().Word!);
            }

            if (parser.Peek().Kind is not (TokenKind.Semicolon or TokenKind.Newline))
            {
                throw Parser.Unexpected(parser.Peek());
            }

            parser.Next();
        }
        else if (parser.Peek().Kind == TokenKind.Semicolon)
        {
            parser.Next();
        }

        parser.SkipNewlines();
        parser.Expect("do");
        var body = parser.RequireList();
        parser.Expect("done");
        return new ForCommand(bare, words, body);
    }

    private static CaseCommand ParseCase(Parser parser)
    {
        var subject = parser.Next();
        if (subject.Kind != TokenKind.Word)
        {
            throw Parser.Unexpected(subject, "word");
        }

        parser.SkipNewlines();
        parser.Expect("in");
        parser.SkipNewlines();
        var branches = new List<CaseBranch>();
        while (!TakeKeyword(parser, "esac"))
        {
            branches.Add(ParseBranch(parser));
            parser.SkipNewlines();
        }

        return new CaseCommand(subject.Word!, branches);
    }

    private static CaseBranch ParseBranch(Parser parser)
    {
        if (parser.Peek().Kind == TokenKind.LeftParenthesis)
        {
            parser.Next();
        }

        var patterns = new List<Word>();
        while (true)
        {
            var token = parser.Next();
            patterns.Add(token.Word ?? throw Parser.Unexpected(token, patterns.Count == 0 ? "word" : null));
            if (parser.Peek().Kind != TokenKind.Pipe)
            {
                break;
            }

            parser.Next();
        }

        parser.Expect(TokenKind.RightParenthesis, "\")\"");
        var body = parser.ParseList();
        if (parser.Peek().Kind == TokenKind.EndOfBranch)
        {
            parser.Next();
        }
        else if (parser.Peek().Word?.Bare != "esac")
        {
            throw Parser.Unexpected(parser.Peek(), "\";;\"");
        }

        return new CaseBranch(patterns, body);
    }

    private FunctionDefinition ParseFunctionKeyword(Parser parser)
    {
        var name = parser.Next();
        if (parser.Peek().Kind == TokenKind.LeftParenthesis)
        {
            parser.Next();
            parser.Expect(TokenKind.RightParenthesis, "\")\"");
        }

        return ParseFunction(parser, name.Word ?? throw Parser.Unexpected(name), name);
    }

    private static bool TakeKeyword(Parser parser, string keyword)
    {
        if (parser.Peek().Word?.Bare != keyword)
        {
            return false;
        }

        parser.Next();
        return true;
    }
}
