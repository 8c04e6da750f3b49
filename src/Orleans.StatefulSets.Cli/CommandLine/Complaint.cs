using System.CommandLine;
using System.CommandLine.Parsing;
using Orleans.StatefulSets.Cli.Clusters;

namespace Orleans.StatefulSets.Cli.CommandLine;

/// <summary>What is wrong with a command line, in one line and in the server's words.</summary>
internal static class Complaint
{
    /// <param name="parsed">What was read of it.</param>
    /// <param name="handsOn">Whether something stood behind a <c>--</c>.</param>
    /// <returns>Null where nothing is wrong.</returns>
    public static string? Of(ParseResult parsed, bool handsOn)
    {
        var command = parsed.CommandResult.Command;
        if (parsed.UnmatchedTokens is [var unmatched, ..])
        {
            return $"unknown {(unmatched.StartsWith('-') ? "option" : "argument")} '{unmatched}'; --help lists the options";
        }

        if (command.Subcommands.Count > 0 && parsed.Errors.Count > 0)
        {
            return $"say what to do: {string.Join(", ", command.Subcommands.Select(below => below.Name))}; --help explains";
        }

        return parsed.CommandResult.Children.OfType<OptionResult>().Select(OfOption).FirstOrDefault(complaint => complaint is not null)
            ?? (handsOn && command.Name != UpCommand.Name ? "only cluster up hands on what stands behind --" : null)
            ?? parsed.Errors.Select(error => error.Message.ReplaceLineEndings("\n").Split('\n')[0]).FirstOrDefault();
    }

    private static string? OfOption(OptionResult result)
    {
        var (name, placeholder) = (result.Option.Name, result.Option.HelpName);
        return result.IdentifierTokenCount > 1 ? $"{name} is given more than once"
            : !result.Implicit && result.Tokens.Count == 0 && placeholder is not null ? $"{name} needs a value: {name} {placeholder}"
            : null;
    }
}
