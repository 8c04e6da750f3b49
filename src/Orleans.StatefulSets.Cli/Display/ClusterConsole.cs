using Orleans.StatefulSets.Cli.CommandLine;
using Spectre.Console;

namespace Orleans.StatefulSets.Cli.Display;

/// <summary>The terminal, or what stands in its place.</summary>
internal static class ClusterConsole
{
    /// <summary>Wide enough for every line: whoever reads a file has no edge to wrap at.</summary>
    private const int UnboundedWidth = 400;

    public static IAnsiConsole Of(Surroundings here)
    {
        var console = AnsiConsole.Create(new AnsiConsoleSettings
        {
            Out = new AnsiConsoleOutput(here.Output),
            Ansi = here.IsTerminal ? AnsiSupport.Detect : AnsiSupport.No,
            ColorSystem = here.IsTerminal ? ColorSystemSupport.Detect : ColorSystemSupport.NoColors,
            Interactive = here.IsTerminal ? InteractionSupport.Detect : InteractionSupport.No,
        });
        if (!here.IsTerminal)
        {
            console.Profile.Width = UnboundedWidth;
        }

        return console;
    }
}
