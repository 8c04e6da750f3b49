using System.CommandLine;
using Orleans.StatefulSets.Cli.CommandLine;
using Orleans.StatefulSets.Cli.State;

namespace Orleans.StatefulSets.Cli.Clusters;

/// <summary><c>cluster</c>: clusters of several processes on this machine.</summary>
internal static class ClusterCommand
{
    public const string Name = "cluster";

    public static Command Create(Surroundings here, IReadOnlyList<string>? handedOn) => new(Name, "Starts, shows and stops a cluster of silos on this machine.")
    {
        UpCommand.Create(here, handedOn),
        StatusCommand.Create(here),
        DownCommand.Create(here),
    };

    /// <summary>The option that names a cluster's folder.</summary>
    public static Option<string> Data() => TypedOptions.Folder("--data", "folder of the cluster; each folder is a cluster of its own", ".cluster");

    public static ClusterFolder FolderOf(ParseResult parsed, Option<string> data, Surroundings here) =>
        new(Path.GetFullPath(parsed.GetRequiredValue(data), here.CurrentDirectory));
}
