using Orleans.StatefulSets.Cli.CommandLine;

namespace Orleans.StatefulSets.Cli.Tests.CommandLine;

/// <summary>What a command line did.</summary>
internal sealed record RecordedRun(int ExitCode, IReadOnlyList<string> Output, IReadOnlyList<string> Errors)
{
    /// <summary>Runs a command line as the program does, with an empty environment.</summary>
    public static async Task<RecordedRun> OfAsync(string currentDirectory, params IReadOnlyList<string> args)
    {
        using var output = new StringWriter();
        using var errors = new StringWriter();
        var exitCode = await CliCommandLine.RunAsync(args, new Surroundings
        {
            Output = output,
            Errors = errors,
            IsTerminal = false,
            Variables = new Dictionary<string, string>(),
            CurrentDirectory = currentDirectory,
            Time = TimeProvider.System,
        });
        return new RecordedRun(exitCode, Lines(output), Lines(errors));
    }

    private static string[] Lines(StringWriter writer) => writer.ToString().Split('\n', StringSplitOptions.RemoveEmptyEntries);
}
