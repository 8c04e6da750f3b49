namespace Orleans.StatefulSets.Workloads.Programs.Shell.Syntax;

/// <summary>The text is no shell command.</summary>
/// <param name="problem">What is wrong, as ash says it behind <c>syntax error: </c>.</param>
/// <param name="line">The line where it shows, from 1.</param>
/// <param name="isEndOfText">Whether more text could still make it a command.</param>
internal sealed class ShellSyntaxException(string problem, int line, bool isEndOfText = false) : Exception("syntax error: " + problem)
{
    /// <summary>The line where it shows, from 1.</summary>
    public int Line => line;

    /// <summary>Whether more text could still make it a command.</summary>
    public bool IsEndOfText => isEndOfText;
}
