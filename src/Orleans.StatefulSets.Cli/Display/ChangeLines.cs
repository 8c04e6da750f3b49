using Orleans.StatefulSets.Cli.Supervision;

namespace Orleans.StatefulSets.Cli.Display;

/// <summary>What happened to the processes of a cluster between two looks, a line each: for output that is no terminal.</summary>
internal static class ChangeLines
{
    public static IEnumerable<string> Between(ClusterStatus? before, ClusterStatus now) =>
        from process in now.Processes
        let old = before?.Processes.FirstOrDefault(other => other.Name == process.Name)
        where old is null || (old.Health, old.Pid) != (process.Health, process.Pid)
        select $"{process.Name}: {StatusTable.Health(process.Health)} (pid {process.Pid}, {process.Url.GetLeftPart(UriPartial.Authority)})";
}
