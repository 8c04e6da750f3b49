using Orleans.StatefulSets.Workloads.Files;
using Orleans.StatefulSets.Workloads.Network;
using Orleans.StatefulSets.Workloads.Programs;

namespace Orleans.StatefulSets.Workloads.Processes;

/// <summary>What the processes of one container share: files, names, clock, network and bounds.</summary>
public sealed class Container
{
    /// <summary>The container's name in its pod.</summary>
    public required string Name { get; init; }

    /// <summary>The pod's host name.</summary>
    public required string HostName { get; init; }

    /// <summary>Its files: the layer on the image, and what is mounted.</summary>
    public required FileSystem Files { get; init; }

    /// <summary>What its executable files do.</summary>
    public required ProgramCatalog Programs { get; init; }

    /// <summary>The simulated clock, for sleeping and for times shown.</summary>
    public required TimeProvider Clock { get; init; }

    /// <summary>The cluster's network as the pod sees it.</summary>
    public required IPodNetwork Network { get; init; }

    /// <summary>The pod's bounds.</summary>
    public required PodLimits Limits { get; init; }
}
