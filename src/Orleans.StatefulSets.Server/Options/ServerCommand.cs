namespace Orleans.StatefulSets.Server.Options;

/// <summary>What a command line asks for.</summary>
public abstract record ServerCommand
{
    private ServerCommand()
    {
    }

    /// <summary>Start the server.</summary>
    /// <param name="Options">Checked and complete; the data folder is absolute.</param>
    public sealed record Run(ServerOptions Options) : ServerCommand;

    /// <summary>Write a whole cluster as YAML.</summary>
    /// <param name="Options">Checked and complete.</param>
    public sealed record Export(ExportOptions Options) : ServerCommand;

    /// <summary>Load a whole cluster from YAML.</summary>
    /// <param name="Options">Checked and complete.</param>
    public sealed record Import(ImportOptions Options) : ServerCommand;

    /// <summary>Print a text (help, version) on standard output and exit with 0.</summary>
    /// <param name="Text">The text, ending with a line break.</param>
    public sealed record Print(string Text) : ServerCommand;

    /// <summary>Print one line on standard error and exit with <see cref="ExitCode"/>.</summary>
    /// <param name="Line">The complaint, without a line break.</param>
    public sealed record Refuse(string Line) : ServerCommand
    {
        /// <summary>The exit code of a wrong command line.</summary>
        public const int ExitCode = 2;
    }
}
