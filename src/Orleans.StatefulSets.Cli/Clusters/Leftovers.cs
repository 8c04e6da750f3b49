using Orleans.StatefulSets.Cli.CommandLine;
using Orleans.StatefulSets.Cli.State;

namespace Orleans.StatefulSets.Cli.Clusters;

/// <summary>What a cluster left running whose supervisor was killed.</summary>
internal static class Leftovers
{
    /// <exception cref="CommandException">Something still runs: a second cluster beside it would be too many.</exception>
    public static void Refuse(ClusterFolder folder)
    {
        if (folder.Load()?.Processes.FirstOrDefault(process => process.Identity is { IsAlive: true }) is { } process)
        {
            throw new CommandException(
                $"{process.Name} (pid {process.Identity!.Id}) still runs in {folder.Path} though its supervisor is gone: end it with cluster down");
        }
    }
}
