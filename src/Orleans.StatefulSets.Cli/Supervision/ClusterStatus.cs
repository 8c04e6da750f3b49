using System.Text.Json;
using System.Text.Json.Serialization;
using Orleans.StatefulSets.Cli.Planning;
using Orleans.StatefulSets.Cli.Postgres;
using Orleans.StatefulSets.Cli.Processes;
using Orleans.StatefulSets.Cli.State;

namespace Orleans.StatefulSets.Cli.Supervision;

/// <summary>How a cluster is at one moment.</summary>
internal sealed record ClusterStatus
{
    /// <summary>Where it is reached.</summary>
    public required Uri Url { get; init; }

    public required string Kubeconfig { get; init; }

    /// <summary>The id of the process that watches over the others.</summary>
    public required int Supervisor { get; init; }

    /// <summary>Whether that one runs: otherwise nothing that dies is started again.</summary>
    public required bool IsSupervised { get; init; }

    /// <summary>Whether the cluster was started and everything is ready.</summary>
    public required bool IsReady { get; init; }

    public required IReadOnlyList<ProcessStatus> Processes { get; init; }

    public string Write() => JsonSerializer.Serialize(this, ClusterStatusJson.Default.ClusterStatus);

    /// <summary>Asks everyone; after the number of grains only where that is wanted.</summary>
    public static async Task<ClusterStatus> AskAsync(ClusterState state, ClusterFolder folder, ReadinessProbe probe, TimeProvider time, CancellationToken cancellation, bool countGrains = false)
    {
        var now = time.GetUtcNow();
        var processes = await Task.WhenAll(state.Processes.Select(async process => new ProcessStatus
        {
            Name = process.Name,
            Role = process.Role,
            Pid = process.Identity?.Id,
            Url = process.Url,
            Health = await AskAsync(process, probe, cancellation),
            Restarts = process.Restarts,
            Uptime = now - process.StartedAt,
            Grains = countGrains && process is { Role: ProcessRole.All or ProcessRole.Silo, Identity.IsAlive: true } ? await probe.CountGrainsAsync(process.Url, cancellation) : null,
        }));
        var isSupervised = state.Supervisor.IsAlive;
        return new ClusterStatus
        {
            Url = state.Url,
            Kubeconfig = folder.Kubeconfig,
            Supervisor = state.Supervisor.Id,
            IsSupervised = isSupervised,
            IsReady = state.HasStarted && isSupervised && processes.All(process => process.Health == ProcessHealth.Ready),
            Processes = processes,
        };
    }

    private static async Task<ProcessHealth> AskAsync(RunningProcess process, ReadinessProbe probe, CancellationToken cancellation) =>
        process.Identity is not { IsAlive: true } ? ProcessHealth.Ended
        : process.Role == ProcessRole.Database ? await PostgresProbe.AskAsync(process.Url, ReadinessProbe.Patience, cancellation)
        : await probe.AskAsync(process.Url, cancellation);
}

/// <summary>How one process of a cluster is.</summary>
internal sealed record ProcessStatus
{
    public required string Name { get; init; }

    public required ProcessRole Role { get; init; }

    public required int? Pid { get; init; }

    public required Uri Url { get; init; }

    public required ProcessHealth Health { get; init; }

    public required int Restarts { get; init; }

    /// <summary>How long ago it was started.</summary>
    public required TimeSpan Uptime { get; init; }

    /// <summary>How many grains are active in its silo, by resource (<c>pods</c>); null where it has none or nobody asked.</summary>
    public IReadOnlyDictionary<string, int>? Grains { get; init; }
}

/// <summary>How a status is written.</summary>
[JsonSourceGenerationOptions(WriteIndented = true, PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, UseStringEnumConverter = true)]
[JsonSerializable(typeof(ClusterStatus))]
internal sealed partial class ClusterStatusJson : JsonSerializerContext;
