namespace Orleans.StatefulSets.Cli.CommandLine;

/// <summary>A command can't do what it was asked. The message is one line that a person can act upon.</summary>
internal sealed class CommandException(string message, Exception? cause = null) : Exception(message, cause)
{
    /// <summary>What the program ends with.</summary>
    public int ExitCode { get; init; } = ExitCodes.Failed;
}
