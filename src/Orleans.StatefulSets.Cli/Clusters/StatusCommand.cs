using System.CommandLine;
using Orleans.StatefulSets.Cli.CommandLine;
using Orleans.StatefulSets.Cli.Display;
using Orleans.StatefulSets.Cli.Processes;
using Orleans.StatefulSets.Cli.State;
using Orleans.StatefulSets.Cli.Supervision;

namespace Orleans.StatefulSets.Cli.Clusters;

/// <summary><c>cluster status</c>: how each process is; the exit code says whether all are ready.</summary>
internal static class StatusCommand
{
    private const string Json = "json";
    private const string Table = "table";

    public static Command Create(Surroundings here)
    {
        var data = ClusterCommand.Data();
        var output = TypedOptions.Choice("--output", "how it is printed", Table, Table, Json);
        output.Aliases.Add("-o");
        var command = new Command("status", "Shows the processes of a cluster; ends with 0 when all are ready, with 1 when not.") { data, output };
        command.SetAction((parsed, cancellation) =>
            RunAsync(ClusterCommand.FolderOf(parsed, data, here), parsed.GetRequiredValue(output) == Json, here, cancellation));
        return command;
    }

    private static async Task<int> RunAsync(ClusterFolder folder, bool asJson, Surroundings here, CancellationToken cancellation)
    {
        var state = folder.Load() ?? throw new CommandException($"no cluster runs in {folder.Path}");
        using var probe = new ReadinessProbe();
        var status = await ClusterStatus.AskAsync(state, folder, probe, here.Time, cancellation, countGrains: true);
        if (asJson)
        {
            await here.Output.WriteLineAsync(status.Write());
        }
        else
        {
            ClusterConsole.Of(here).Write(StatusTable.Of(status));
            if (!status.IsSupervised)
            {
                await here.Output.WriteLineAsync("The supervisor is gone: nothing is started again. cluster down ends what is left.");
            }
        }

        return status.IsReady ? ExitCodes.Done : ExitCodes.Failed;
    }
}
