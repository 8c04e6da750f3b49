using Orleans.StatefulSets.Cli.Planning;
using Orleans.StatefulSets.Cli.Processes;

namespace Orleans.StatefulSets.Cli.State;

/// <summary>A process of a cluster as it was started last.</summary>
internal sealed record RunningProcess
{
    public required string Name { get; init; }

    public required ProcessRole Role { get; init; }

    /// <summary>Where it listens.</summary>
    public required Uri Url { get; init; }

    /// <summary>Which it is, or was.</summary>
    public required ProcessIdentity? Identity { get; init; }

    /// <summary>When it was started.</summary>
    public required DateTimeOffset StartedAt { get; init; }

    /// <summary>How often it was started again.</summary>
    public int Restarts { get; init; }
}
