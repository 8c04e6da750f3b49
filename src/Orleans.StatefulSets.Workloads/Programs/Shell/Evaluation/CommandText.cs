using Orleans.StatefulSets.Workloads.Programs.Shell.Syntax;

namespace Orleans.StatefulSets.Workloads.Programs.Shell;

/// <summary>A command in a few words, for the list of jobs.</summary>
internal static class CommandText
{
    /// <summary>The text; <c>...</c> stands for what is inside compound commands.</summary>
    public static string Of(Command command) => command switch
    {
        SimpleCommand simple => string.Join(' ', simple.Words.Select(Of)),
        Pipeline pipeline => (pipeline.IsNegated ? "! " : "") + string.Join(" | ", pipeline.Commands.Select(Of)),
        AndOrList list => Of(list.First) + string.Concat(list.Rest.Select(rest => (rest.AfterSuccess ? " && " : " || ") + Of(rest.Command))),
        Sequence sequence => "{ " + string.Join("; ", sequence.Commands.Select(Of)) + "; }",
        Subshell subshell => $"({Of(subshell.Body)})",
        RedirectedCommand redirected => Of(redirected.Body),
        WhileCommand loop => $"{(loop.IsUntil ? "until" : "while")} {Of(loop.Condition)}; do {Of(loop.Body)}; done",
        ForCommand loop => $"for {loop.Name} in ...; do {Of(loop.Body)}; done",
        IfCommand branches => $"if {Of(branches.Branches[0].Condition)}; then ...; fi",
        CaseCommand branches => $"case {Of(branches.Subject)} in ... esac",
        _ => "...",
    };

    private static string Of(Word word) => string.Concat(word.Parts.Select(Of));

    private static string Of(WordPart part) => part switch
    {
        LiteralPart literal => literal.Text,
        QuotedPart quoted => "\"" + string.Concat(quoted.Parts.Select(Of)) + "\"",
        ParameterPart parameter => "${" + parameter.Name + "}",
        SubstitutionPart => "$(...)",
        _ => "$((...))",
    };
}
