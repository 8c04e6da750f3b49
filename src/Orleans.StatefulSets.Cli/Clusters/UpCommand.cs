using System.CommandLine;
using Orleans.StatefulSets.Cli.CommandLine;
using Orleans.StatefulSets.Cli.Display;
using Orleans.StatefulSets.Cli.Processes;
using Orleans.StatefulSets.Cli.State;
using Orleans.StatefulSets.Cli.Supervision;

namespace Orleans.StatefulSets.Cli.Clusters;

/// <summary><c>cluster up</c>: starts a cluster and stays with it, or leaves it to a supervisor in the background.</summary>
internal static class UpCommand
{
    public const string Name = "up";

    public static Command Create(Surroundings here, IReadOnlyList<string>? handedOn)
    {
        var line = new UpCommandLine();
        var command = new Command(
            Name,
            "Starts silos on one PostgreSQL behind one load balancer, and starts again what dies. What stands after -- is handed to each server.");
        line.AddTo(command);
        command.SetAction(async (parsed, _) =>
        {
            var options = line.Read(parsed, here, handedOn ?? []);
            RefuseOtherSystems();
            var folder = new ClusterFolder(options.Directory);
            return line.IsDetached(parsed)
                ? await DetachedStart.RunAsync(options, folder, here)
                : await RunAsync(options, folder, here);
        });
        return command;
    }

    private static async Task<int> RunAsync(UpOptions options, ClusterFolder folder, Surroundings here)
    {
        using var signals = new StopSignals();
        using var held = folder.Lock();
        Leftovers.Refuse(folder);
        var self = ProcessIdentity.Find(Environment.ProcessId) ?? throw new CommandException("this process can't be found among those of the machine");
        var roster = new ClusterRoster(folder, new ClusterState { Supervisor = self, Url = options.Url });
        try
        {
            await using var supervisor = new Supervisor(options, folder, roster, here.Time) { Hurry = signals.Hurry };
            await SuperviseAsync(supervisor, options, folder, roster, here, signals.Stop);
        }
        finally
        {
            folder.Forget();
        }

        return ExitCodes.Done;
    }

    private static async Task SuperviseAsync(
        Supervisor supervisor, UpOptions options, ClusterFolder folder, ClusterRoster roster, Surroundings here, CancellationToken stop)
    {
        using var ending = CancellationTokenSource.CreateLinkedTokenSource(stop);
        var display = new SupervisorDisplay(roster, folder, here);
        var shown = display.RunAsync(ending.Token);
        try
        {
            await supervisor.StartAsync(stop);
            await display.AnnounceAsync([.. Announcement.Of(options, folder.Kubeconfig, "Ctrl-C stops it.")]);
            await shown;
        }
        catch (OperationCanceledException) when (stop.IsCancellationRequested)
        {
            // Stopped before all was ready: what was begun is ended like the rest.
        }
        finally
        {
            await ending.CancelAsync();
            await shown;
        }

        await here.Output.WriteLineAsync("stopping");
    }

    private static void RefuseOtherSystems()
    {
        if (OperatingSystem.IsWindows())
        {
            throw new CommandException("cluster up needs Linux or macOS: it ends processes with signals");
        }
    }
}
