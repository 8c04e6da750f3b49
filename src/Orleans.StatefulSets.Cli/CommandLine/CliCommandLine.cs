using System.CommandLine;
using System.CommandLine.Help;
using Orleans.StatefulSets.Cli.Clusters;

namespace Orleans.StatefulSets.Cli.CommandLine;

/// <summary>Reads a command line and does what it asks.</summary>
internal static class CliCommandLine
{
    // A file of arguments (@file) and joined short options are only ways to mistype; the server has none either.
    private static readonly ParserConfiguration Parsing = new() { EnablePosixBundling = false, ResponseFileTokenReplacer = null };

    /// <returns>The exit code.</returns>
    public static async Task<int> RunAsync(IReadOnlyList<string> args, Surroundings here)
    {
        var (words, handedOn) = Split(args);
        var parsed = Root(here, handedOn).Parse(words, Parsing);
        if (parsed.Action is not HelpAction && Complaint.Of(parsed, handedOn is not null) is { } complaint)
        {
            await here.Errors.WriteLineAsync(complaint);
            return ExitCodes.Refused;
        }

        try
        {
            return await parsed.InvokeAsync(new InvocationConfiguration
            {
                Output = here.Output,
                Error = here.Errors,
                EnableDefaultExceptionHandler = false,

                // Commands that have something to end in order hear the signals themselves.
                ProcessTerminationTimeout = null,
            });
        }
        catch (CommandException failure)
        {
            await here.Errors.WriteLineAsync(failure.Message);
            return failure.ExitCode;
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            await here.Errors.WriteLineAsync(failure.Message.ReplaceLineEndings("\n").Split('\n')[0]);
            return ExitCodes.Failed;
        }
    }

    /// <summary>Divides what is ours from what stands behind the first <c>--</c> and is handed on as it is.</summary>
    public static (IReadOnlyList<string> Words, IReadOnlyList<string>? HandedOn) Split(IReadOnlyList<string> args)
    {
        var words = args.TakeWhile(word => word != "--").ToList();
        return (words, words.Count == args.Count ? null : [.. args.Skip(words.Count + 1)]);
    }

    private static RootCommand Root(Surroundings here, IReadOnlyList<string>? handedOn) =>
        new("Works with emulated Kubernetes clusters for StatefulSets: starts, shows and stops clusters of several silos.")
        {
            ClusterCommand.Create(here, handedOn),
        };
}
