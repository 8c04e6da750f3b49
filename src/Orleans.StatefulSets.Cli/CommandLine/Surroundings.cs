namespace Orleans.StatefulSets.Cli.CommandLine;

/// <summary>What the commands have of the process that they run in.</summary>
internal sealed record Surroundings
{
    public required TextWriter Output { get; init; }

    public required TextWriter Errors { get; init; }

    /// <summary>Whether a person watches the output as it comes.</summary>
    public required bool IsTerminal { get; init; }

    /// <summary>The environment, by name.</summary>
    public required IReadOnlyDictionary<string, string> Variables { get; init; }

    /// <summary>What a relative folder is relative to.</summary>
    public required string CurrentDirectory { get; init; }

    public required TimeProvider Time { get; init; }

    public static Surroundings OfThisProcess() => new()
    {
        Output = Console.Out,
        Errors = Console.Error,
        IsTerminal = !Console.IsOutputRedirected,
        Variables = Environment.GetEnvironmentVariables().Cast<System.Collections.DictionaryEntry>()
            .ToDictionary(entry => (string)entry.Key, entry => (string?)entry.Value ?? "", StringComparer.Ordinal),
        CurrentDirectory = Directory.GetCurrentDirectory(),
        Time = TimeProvider.System,
    };
}
