using System.Globalization;
using Orleans.StatefulSets.Cli.Planning;
using Orleans.StatefulSets.Cli.Processes;
using Orleans.StatefulSets.Cli.Supervision;
using Spectre.Console;

namespace Orleans.StatefulSets.Cli.Display;

/// <summary>The processes of a cluster as a table.</summary>
internal static class StatusTable
{
    // The kinds whose grains are counted, as kubectl abbreviates them.
    private static readonly (string Heading, string Resource)[] Counted = [("STS", "statefulsets"), ("PODS", "pods"), ("PVC", "persistentvolumeclaims"), ("NODES", "nodes")];

    public static Table Of(ClusterStatus status)
    {
        var counts = status.Processes.Any(process => process.Grains is not null) ? Counted : [];
        var table = new Table { Border = TableBorder.None, ShowHeaders = true, UseSafeBorder = true };
        foreach (var heading in (string[])["NAME", "ROLE", "PID", "URL", "HEALTH", "RESTARTS", "UPTIME", .. counts.Select(count => count.Heading)])
        {
            table.AddColumn(new TableColumn(heading) { NoWrap = true, Padding = new Padding(0, 0, 2, 0) });
        }

        foreach (var process in status.Processes)
        {
            table.AddRow(
            [
                new Text(process.Name),
                new Text(Role(process.Role)),
                new Text(process.Pid?.ToString(CultureInfo.InvariantCulture) ?? "-"),
                new Text(process.Url.GetLeftPart(UriPartial.Authority)),
                new Text(Health(process.Health), new Style(Color(process.Health))),
                new Text(process.Restarts.ToString(CultureInfo.InvariantCulture)),
                new Text(process.Health == ProcessHealth.Ended ? "-" : Age(process.Uptime)),
                .. counts.Select(count => new Text(Count(process, count.Resource))),
            ]);
        }

        return table;
    }

    public static string Role(ProcessRole role) => role switch
    {
        ProcessRole.All => "silo, api",
        ProcessRole.Silo => "silo",
        ProcessRole.Api => "api",
        ProcessRole.Balancer => "balancer",
        _ => "database",
    };

    public static string Health(ProcessHealth health) => health switch
    {
        ProcessHealth.Ready => "ready",
        ProcessHealth.NotReady => "not ready",
        ProcessHealth.NoAnswer => "no answer",
        _ => "ended",
    };

    /// <summary>A duration as kubectl shows ages: the two largest units.</summary>
    public static string Age(TimeSpan uptime) => uptime switch
    {
        { TotalMinutes: < 2 } => string.Create(CultureInfo.InvariantCulture, $"{Math.Max(0, (int)uptime.TotalSeconds)}s"),
        { TotalHours: < 1 } => string.Create(CultureInfo.InvariantCulture, $"{uptime.Minutes}m{uptime.Seconds}s"),
        { TotalDays: < 1 } => string.Create(CultureInfo.InvariantCulture, $"{uptime.Hours}h{uptime.Minutes}m"),
        _ => string.Create(CultureInfo.InvariantCulture, $"{(int)uptime.TotalDays}d{uptime.Hours}h"),
    };

    private static string Count(ProcessStatus process, string resource) =>
        process.Grains is { } grains ? grains.GetValueOrDefault(resource).ToString(CultureInfo.InvariantCulture) : "-";

    private static Color Color(ProcessHealth health) => health switch
    {
        ProcessHealth.Ready => Spectre.Console.Color.Green,
        ProcessHealth.NotReady => Spectre.Console.Color.Yellow,
        _ => Spectre.Console.Color.Red,
    };
}
