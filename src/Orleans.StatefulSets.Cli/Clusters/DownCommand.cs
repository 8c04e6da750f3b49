using System.CommandLine;
using Orleans.StatefulSets.Cli.CommandLine;
using Orleans.StatefulSets.Cli.Planning;
using Orleans.StatefulSets.Cli.Processes;
using Orleans.StatefulSets.Cli.State;

namespace Orleans.StatefulSets.Cli.Clusters;

/// <summary><c>cluster down</c>: ends every process of a cluster, whoever of them is still there.</summary>
internal static class DownCommand
{
    /// <summary>What a supervisor needs to end everything in order.</summary>
    private static readonly TimeSpan SupervisorPatience = TimeSpan.FromMinutes(2);

    /// <summary>What a process needs whose supervisor is gone: a server leaves the cluster, PostgreSQL writes what it has in memory.</summary>
    private static readonly TimeSpan ProcessPatience = TimeSpan.FromSeconds(30);

    public static Command Create(Surroundings here)
    {
        var data = ClusterCommand.Data();
        var delete = TypedOptions.Flag("--delete-data", "delete what the cluster kept in its folder too, its own PostgreSQL above all");
        var command = new Command("down", "Stops a cluster, and the PostgreSQL that it started; what it kept is there for the next cluster up.") { data, delete };
        command.SetAction((parsed, _) => RunAsync(ClusterCommand.FolderOf(parsed, data, here), parsed.GetValue(delete), here));
        return command;
    }

    private static async Task<int> RunAsync(ClusterFolder folder, bool delete, Surroundings here)
    {
        var state = folder.Load();
        if (state is not null)
        {
            await EndAsync(state, folder, here);
        }

        await here.Output.WriteLineAsync(state is null ? $"no cluster runs in {folder.Path}" : $"the cluster in {folder.Path} is stopped");
        if (delete && Directory.Exists(folder.Path))
        {
            // Whoever starts a cluster there in this moment keeps it.
            using var held = folder.Lock();
            folder.Delete();
        }

        return ExitCodes.Done;
    }

    private static async Task EndAsync(ClusterState state, ClusterFolder folder, Surroundings here)
    {
        var end = new OrderlyEnd(here.Time);
        await end.EndAsync(state.Supervisor, Signals.Terminate, SupervisorPatience);

        // It may have started some again since, and it may have been killed before it ended them.
        var left = (folder.Load() ?? state).Processes.Where(process => process.Role != ProcessRole.Balancer).Reverse().ToList();
        await EndAllAsync(end, left.Where(process => process.Role == ProcessRole.Api), Signals.Terminate);
        await EndAllAsync(end, left.Where(process => process.Role is ProcessRole.All or ProcessRole.Silo), Signals.Terminate);
        await EndAllAsync(end, left.Where(process => process.Role == ProcessRole.Database), Signals.Interrupt);
        folder.Forget();
    }

    private static Task EndAllAsync(OrderlyEnd end, IEnumerable<RunningProcess> processes, int signal) =>
        Task.WhenAll(processes.Select(process => process.Identity).OfType<ProcessIdentity>().Select(identity => end.EndAsync(identity, signal, ProcessPatience)));
}
