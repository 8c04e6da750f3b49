namespace Orleans.StatefulSets.Cli.CommandLine;

/// <summary>What the program ends with; the server's are the same.</summary>
internal static class ExitCodes
{
    public const int Done = 0;

    /// <summary>It could not be done, or what was asked about is not well.</summary>
    public const int Failed = 1;

    /// <summary>The command line is wrong.</summary>
    public const int Refused = 2;
}
