namespace Orleans.StatefulSets.Workloads.Programs.Shell.Syntax;

/// <summary>Makes commands of tokens, by the grammar of POSIX.1-2017 XCU 2.10 and ash's additions.</summary>
/// <param name="lexer">The tokens.</param>
/// <param name="aliasOf">An alias's text, or null.</param>
internal sealed class Parser(Lexer lexer, Func<string, string?> aliasOf)
{
    private readonly CompoundParser compounds = new(lexer);
    private Token? ahead;

    /// <summary>The commands of the next line that has any, up to its end. Here-documents that it asks for are read.</summary>
    /// <returns>Null at the end of the text.</returns>
    public Command? ParseLine()
    {
        while (Peek().Kind == TokenKind.Newline)
        {
            Next();
        }

        if (Peek().Kind == TokenKind.EndOfText)
        {
            return null;
        }

        var commands = new List<Command>();
        while (true)
        {
            var isLast = AddAndOr(commands);
            if (Peek().Kind is TokenKind.Newline or TokenKind.EndOfText)
            {
                if (Peek().Kind == TokenKind.Newline)
                {
                    Next();
                }

                return Join(commands);
            }

            if (isLast)
            {
                throw Unexpected(Peek());
            }
        }
    }

    /// <summary>All commands up to the end of the text; null where there are none.</summary>
    public Command? ParseAll()
    {
        var commands = new List<Command>();
        while (ParseLine() is { } line)
        {
            commands.Add(line);
        }

        return commands.Count == 0 ? null : Join(commands);
    }

    /// <summary>All commands up to the parenthesis that closes a substitution, which goes.</summary>
    public Command? ParseSubstitution()
    {
        var commands = ParseList();
        Expect(TokenKind.RightParenthesis, "\")\"");
        return commands;
    }

    /// <summary>Commands up to what ends a list: a keyword such as <c>done</c>, a parenthesis, <c>;;</c>, or the end.</summary>
    public Command? ParseList()
    {
        var commands = new List<Command>();
        while (true)
        {
            SkipNewlines();
            var token = Peek();
            if (EndsList(token))
            {
                return commands.Count == 0 ? null : Join(commands);
            }

            if (AddAndOr(commands) && Peek().Kind != TokenKind.Newline)
            {
                return Join(commands);
            }
        }
    }

    /// <summary>The same, of which there must be some.</summary>
    public Command RequireList() => ParseList() ?? throw Unexpected(Peek());

    /// <summary>The next token, which stays. An alias where a command may begin has been put in.</summary>
    public Token Peek() => ahead ??= lexer.Next();

    /// <summary>The next token.</summary>
    public Token Next()
    {
        var token = Peek();
        ahead = null;
        return token;
    }

    /// <summary>Takes a keyword.</summary>
    public void Expect(string keyword)
    {
        if (Peek().Word?.Bare != keyword)
        {
            throw Unexpected(Peek(), $"\"{keyword}\"");
        }

        Next();
    }

    /// <summary>Takes a token of a kind.</summary>
    public void Expect(TokenKind kind, string name)
    {
        if (Peek().Kind != kind)
        {
            throw Unexpected(Peek(), name);
        }

        Next();
    }

    public void SkipNewlines()
    {
        while (Peek().Kind == TokenKind.Newline)
        {
            Next();
        }
    }

    /// <summary>What ash says of a token that does not belong where it stands.</summary>
    public static ShellSyntaxException Unexpected(Token token, string? expected = null) => new(
        $"unexpected {token.Name}" + (expected is null ? "" : $" (expecting {expected})"), token.Line, token.Kind == TokenKind.EndOfText);

    /// <summary>Redirections from here on.</summary>
    public List<Redirection> ParseRedirections()
    {
        var redirections = new List<Redirection>();
        while (Peek().Kind == TokenKind.Redirection)
        {
            redirections.Add(ParseRedirection());
        }

        return redirections;
    }

    private static bool EndsList(Token token) =>
        token.Kind is TokenKind.EndOfText or TokenKind.RightParenthesis or TokenKind.EndOfBranch
        || (token.Kind == TokenKind.Word && Keywords.EndsList(token.Word!.Bare));

    private static Command Join(List<Command> commands) => commands.Count == 1 ? commands[0] : new Sequence([.. commands]);

    /// <summary>Reads one and-or list and what separates it from the next.</summary>
    /// <returns>Whether nothing separates it.</returns>
    private bool AddAndOr(List<Command> commands)
    {
        var command = ParseAndOr();
        switch (Peek().Kind)
        {
            case TokenKind.Background:
                Next();
                commands.Add(new BackgroundCommand(command));
                return false;
            case TokenKind.Semicolon:
                Next();
                commands.Add(command);
                return false;
            default:
                commands.Add(command);
                return true;
        }
    }

    private Command ParseAndOr()
    {
        var first = ParsePipeline();
        List<AndOr>? rest = null;
        while (Peek().Kind is TokenKind.And or TokenKind.Or)
        {
            var afterSuccess = Next().Kind == TokenKind.And;
            SkipNewlines();
            (rest ??= []).Add(new AndOr(afterSuccess, ParsePipeline()));
        }

        return rest is null ? first : new AndOrList(first, rest);
    }

    private Command ParsePipeline()
    {
        ExpandAlias();
        var isNegated = Peek().Word?.Bare == "!";
        if (isNegated)
        {
            Next();
        }

        var first = ParseCommand();
        if (Peek().Kind != TokenKind.Pipe)
        {
            return isNegated ? new Pipeline([first], true) : first;
        }

        var commands = new List<Command> { first };
        while (Peek().Kind == TokenKind.Pipe)
        {
            Next();
            SkipNewlines();
            commands.Add(ParseCommand());
        }

        return new Pipeline(commands, isNegated);
    }

    private Command ParseCommand()
    {
        ExpandAlias();
        var compound = compounds.Parse(this);
        if (compound is FunctionDefinition)
        {
            return compound;
        }

        if (compound is not null)
        {
            var redirections = ParseRedirections();
            return redirections.Count == 0 ? compound : new RedirectedCommand(compound, redirections);
        }

        return ParseSimple();
    }

    private Command ParseSimple()
    {
        var assignments = new List<Assignment>();
        var words = new List<Word>();
        var redirections = new List<Redirection>();
        var line = Peek().Line;
        while (true)
        {
            var token = Peek();
            if (token.Kind == TokenKind.Redirection)
            {
                redirections.Add(ParseRedirection());
            }
            else if (token.Kind == TokenKind.Word)
            {
                Next();
                if (words.Count == 0 && AssignmentReader.Read(token.Word!) is { } assignment)
                {
                    assignments.Add(assignment);
                    ExpandAlias();
                    continue;
                }

                words.Add(token.Word!);
                if (lexer.BlankAliasEnd >= 0 && Peek().Start >= lexer.BlankAliasEnd)
                {
                    lexer.BlankAliasEnd = -1;
                    ExpandAlias();
                }
            }
            else if (token.Kind == TokenKind.LeftParenthesis && words is [{ } name] && assignments.Count == 0 && redirections.Count == 0)
            {
                Next();
                Expect(TokenKind.RightParenthesis, "\")\"");
                return compounds.ParseFunction(this, name, token);
            }
            else if (words.Count + assignments.Count + redirections.Count == 0)
            {
                throw Unexpected(token);
            }
            else
            {
                return new SimpleCommand(assignments, words, redirections, line);
            }
        }
    }

    private Redirection ParseRedirection()
    {
        var token = Next();
        if (Peek().Kind != TokenKind.Word)
        {
            throw Unexpected(Peek());
        }

        var redirection = new Redirection(token.Descriptor, token.Operator, Next().Word!);
        if (redirection.Kind is RedirectionKind.HereDocument or RedirectionKind.HereDocumentWithoutTabs)
        {
            lexer.Awaited.Add(redirection);
        }

        return redirection;
    }

    private void ExpandAlias()
    {
        while (Peek() is { Kind: TokenKind.Word, Word.Bare: { } name } token && aliasOf(name) is { } value && lexer.InsertAlias(name, token.Start, value))
        {
            ahead = null;
        }
    }
}
