using Orleans.StatefulSets.Cli.CommandLine;
using Orleans.StatefulSets.Cli.Processes;
using Orleans.StatefulSets.Cli.State;
using Orleans.StatefulSets.Cli.Supervision;
using Spectre.Console;

namespace Orleans.StatefulSets.Cli.Display;

/// <summary>Shows how the processes of a cluster are, until it is told to end: a table that lives on a terminal, lines elsewhere.</summary>
internal sealed class SupervisorDisplay(ClusterRoster roster, ClusterFolder folder, Surroundings here)
{
    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(1);

    private volatile IReadOnlyList<string> announcement = [];

    /// <summary>Shows lines that stay: below the table, or once.</summary>
    public async Task AnnounceAsync(IReadOnlyList<string> lines)
    {
        announcement = lines;
        if (!here.IsTerminal)
        {
            await here.Output.WriteLineAsync(string.Join('\n', lines));
        }
    }

    public async Task RunAsync(CancellationToken end)
    {
        using var probe = new ReadinessProbe();
        try
        {
            await (here.IsTerminal ? ShowTableAsync(probe, end) : PrintLinesAsync(probe, end));
        }
        catch (OperationCanceledException)
        {
            // It ends when the cluster does.
        }
    }

    private async Task ShowTableAsync(ReadinessProbe probe, CancellationToken end)
    {
        await ClusterConsole.Of(here).Live(Text.Empty).StartAsync(async live =>
        {
            while (true)
            {
                var table = StatusTable.Of(await AskAsync(probe, end));
                live.UpdateTarget(new Rows([table, .. announcement.Prepend("").Select(line => new Text(line))]));
                await Task.Delay(Interval, here.Time, end);
            }
        });
    }

    private async Task PrintLinesAsync(ReadinessProbe probe, CancellationToken end)
    {
        ClusterStatus? before = null;
        while (true)
        {
            var now = await AskAsync(probe, end);
            foreach (var line in ChangeLines.Between(before, now))
            {
                await here.Output.WriteLineAsync(line);
            }

            before = now;
            folder.SupervisorLog.KeepBounded();
            await Task.Delay(Interval, here.Time, end);
        }
    }

    private Task<ClusterStatus> AskAsync(ReadinessProbe probe, CancellationToken end) => ClusterStatus.AskAsync(roster.State, folder, probe, here.Time, end);
}
