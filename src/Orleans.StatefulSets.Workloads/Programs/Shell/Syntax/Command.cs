namespace Orleans.StatefulSets.Workloads.Programs.Shell.Syntax;

/// <summary>A command as it is written.</summary>
internal abstract record Command;

/// <summary>Assignments, words and redirections; any of them may be missing.</summary>
internal sealed record SimpleCommand(
    IReadOnlyList<Assignment> Assignments, IReadOnlyList<Word> Words, IReadOnlyList<Redirection> Redirections, int Line) : Command;

/// <summary><c>name=word</c>.</summary>
internal sealed record Assignment(string Name, Word Value);

/// <summary>Commands joined by <c>|</c>; one alone only where it is negated.</summary>
internal sealed record Pipeline(IReadOnlyList<Command> Commands, bool IsNegated) : Command;

/// <summary>Commands joined by <c>&amp;&amp;</c> and <c>||</c>, which bind alike.</summary>
internal sealed record AndOrList(Command First, IReadOnlyList<AndOr> Rest) : Command;

/// <summary>A further command of an <see cref="AndOrList"/>, and whether it runs after success or after failure.</summary>
internal sealed record AndOr(bool AfterSuccess, Command Command);

/// <summary>Commands one after another.</summary>
internal sealed record Sequence(IReadOnlyList<Command> Commands) : Command;

/// <summary><c>command &amp;</c></summary>
internal sealed record BackgroundCommand(Command Body) : Command;

/// <summary>A compound command with redirections of its own.</summary>
internal sealed record RedirectedCommand(Command Body, IReadOnlyList<Redirection> Redirections) : Command;

/// <summary><c>( commands )</c></summary>
internal sealed record Subshell(Command Body) : Command;

/// <summary><c>if</c>: the conditions with what follows each, and what follows none.</summary>
internal sealed record IfCommand(IReadOnlyList<ConditionalBranch> Branches, Command? Otherwise) : Command;

/// <summary>One <c>if</c> or <c>elif</c>.</summary>
internal sealed record ConditionalBranch(Command Condition, Command Body);

/// <summary><c>while</c> and <c>until</c>.</summary>
internal sealed record WhileCommand(Command Condition, Command Body, bool IsUntil) : Command;

/// <summary><c>for name in words</c>; without words over the positional parameters.</summary>
internal sealed record ForCommand(string Name, IReadOnlyList<Word>? Words, Command Body) : Command;

/// <summary><c>case</c>.</summary>
internal sealed record CaseCommand(Word Subject, IReadOnlyList<CaseBranch> Branches) : Command;

/// <summary>Patterns, and what is done where one of them matches.</summary>
internal sealed record CaseBranch(IReadOnlyList<Word> Patterns, Command? Body);

/// <summary><c>name() body</c></summary>
internal sealed record FunctionDefinition(string Name, Command Body) : Command;

/// <summary>A redirection.</summary>
/// <param name="descriptor">The number before the operator; null for the operator's own.</param>
/// <param name="kind">The operator.</param>
/// <param name="target">The word behind it; of a here-document its delimiter.</param>
internal sealed class Redirection(int? descriptor, RedirectionKind kind, Word target)
{
    public int? Descriptor => descriptor;

    public RedirectionKind Kind => kind;

    public Word Target => target;

    /// <summary>A here-document's text. Known only when the line it began in has ended.</summary>
    public Word? Text { get; set; }
}

/// <summary>The redirection operators.</summary>
internal enum RedirectionKind
{
    /// <summary><c>&lt;</c></summary>
    Read,

    /// <summary><c>&gt;</c></summary>
    Write,

    /// <summary><c>&gt;|</c></summary>
    Overwrite,

    /// <summary><c>&gt;&gt;</c></summary>
    Append,

    /// <summary><c>&lt;&gt;</c></summary>
    ReadWrite,

    /// <summary><c>&lt;&amp;</c> and <c>&gt;&amp;</c></summary>
    Duplicate,

    /// <summary><c>&lt;&lt;</c></summary>
    HereDocument,

    /// <summary><c>&lt;&lt;-</c></summary>
    HereDocumentWithoutTabs,

    /// <summary><c>&amp;&gt;</c>: output and errors.</summary>
    WriteBoth,
}
