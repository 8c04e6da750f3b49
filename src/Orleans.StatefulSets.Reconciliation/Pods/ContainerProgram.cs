using System.Globalization;
using k8s.Models;

namespace Orleans.StatefulSets.Reconciliation.Pods;

/// <summary>What a container does from its start on.</summary>
/// <param name="RunsFor">How long it runs before it ends by itself, in simulated time; null for ever.</param>
/// <param name="ExitCode">What it ends with then.</param>
public sealed record ContainerProgram(TimeSpan? RunsFor, int ExitCode)
{
    /// <summary>It has no handler for SIGTERM: as a container's first process it does not hear it.</summary>
    public bool IgnoresTerm { get; private init; }

    private static readonly string[] Shells = ["sh", "ash", "bash", "dash"];

    private static readonly ContainerProgram Endless = new(null, 0);
    private static readonly ContainerProgram Asleep = new(null, 0) { IgnoresTerm = true };
    private static readonly ContainerProgram DoneAtOnce = new(TimeSpan.Zero, 0);

    /// <summary>
    /// What the command and args of a container come to, where they are made of <c>sleep</c>, <c>true</c>, <c>false</c>, <c>exit</c>,
    /// <c>echo</c> and a shell's <c>;</c> and <c>&amp;&amp;</c>. Anything else serves for ever, and as an init container ends well at once.
    /// </summary>
    public static ContainerProgram Of(V1Container container, bool isInit)
    {
        List<string> words = [.. container.Command ?? [], .. container.Args ?? []];
        return Interpret(words) ?? (isInit && !InitContainers.IsSidecar(container) ? DoneAtOnce : Endless);
    }

    /// <summary>
    /// Whether that is all there is to know of a container that names such a command: it says nothing and touches nothing, so that nobody
    /// needs to run it.
    /// </summary>
    public static bool IsAll(V1Container container)
    {
        List<string> words = [.. container.Command ?? [], .. container.Args ?? []];
        return container.Command is { Count: > 0 } && !words.Exists(word => word.Contains("echo", StringComparison.Ordinal) || word.Contains('$')) && Interpret(words) is not null;
    }

    private static ContainerProgram? Interpret(List<string> words)
    {
        // What only a shell has is no program of its own.
        if (words.Count == 0 || words[0] is "exit" or ":" or "exec")
        {
            return null;
        }

        var script = words.IndexOf("-c");
        return Shells.Contains(Name(words[0])) && script == 1 && words.Count > 2 ? OfScript(words[2]) : OfCommand(words);
    }

    // Commands run one after another; the exit code is the last one's, and && goes on only after a 0.
    private static ContainerProgram? OfScript(string script)
    {
        var runs = TimeSpan.Zero;
        var code = 0;
        foreach (var statement in script.Split([';', '\n'], StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries))
        {
            foreach (var command in statement.Split("&&", StringSplitOptions.TrimEntries))
            {
                List<string> words = [.. command.Split(' ', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries)];
                if ((words is ["exit"] ? new ContainerProgram(TimeSpan.Zero, code) : OfCommand(words)) is not { } step)
                {
                    return null;
                }

                if (step.RunsFor is not { } takes)
                {
                    return Asleep;
                }

                (runs, code) = (runs + takes, step.ExitCode);
                if (words[0] == "exit")
                {
                    return new ContainerProgram(runs, code) { IgnoresTerm = true };
                }

                if (code != 0)
                {
                    break;
                }
            }
        }

        return new ContainerProgram(runs, code) { IgnoresTerm = true };
    }

    private static ContainerProgram? OfCommand(List<string> words)
    {
        if (words is ["exec", .. var rest])
        {
            return OfCommand(rest);
        }

        return words switch
        {
            [var name] when Name(name) is "true" or ":" => DoneAtOnce,
            [var name] when Name(name) is "false" => new ContainerProgram(TimeSpan.Zero, 1),
            ["exit", var code] when int.TryParse(code, NumberStyles.None, CultureInfo.InvariantCulture, out var number) => new ContainerProgram(TimeSpan.Zero, number & 255),
            [var name, ..] when Name(name) is "echo" && !words.Exists(word => word.Contains('>')) => DoneAtOnce,
            [var name, var time] when Name(name) is "sleep" => Sleep(time),
            _ => null,
        };
    }

    private static ContainerProgram? Sleep(string time)
    {
        if (time is "infinity" or "inf")
        {
            return Asleep;
        }

        var unit = time.Length == 0 ? ' ' : time[^1];
        var seconds = unit switch { 'm' => 60, 'h' => 3600, 'd' => 86_400, _ => 1 };
        var number = char.IsAsciiLetter(unit) ? time[..^1] : time;
        return unit is not ('s' or 'm' or 'h' or 'd') && char.IsAsciiLetter(unit)
            || !double.TryParse(number, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var amount)
            ? null
            : amount * seconds > TimeSpan.MaxValue.TotalSeconds / 2 ? Asleep : new ContainerProgram(TimeSpan.FromSeconds(amount * seconds), 0) { IgnoresTerm = true };
    }

    private static string Name(string path) => path[(path.LastIndexOf('/') + 1)..];
}
