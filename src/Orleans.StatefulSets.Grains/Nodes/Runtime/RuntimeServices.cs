using Microsoft.Extensions.Logging;
using Orleans.StatefulSets.Grains.Events;
using Orleans.StatefulSets.Grains.Faults;
using Orleans.StatefulSets.Grains.Files;
using Orleans.StatefulSets.Grains.Network;
using Orleans.StatefulSets.Grains.Replicas;
using Orleans.StatefulSets.Grains.Time;
using Orleans.StatefulSets.Workloads.Images;
using Orleans.StatefulSets.Workloads.Processes;

namespace Orleans.StatefulSets.Grains.Nodes.Runtime;

/// <summary>What the runtimes of this silo's nodes work with.</summary>
/// <param name="Images">How images behave.</param>
/// <param name="Kinds">Which containers must really run.</param>
/// <param name="Pulls">Which images can't be had.</param>
/// <param name="Volumes">The files of volumes.</param>
/// <param name="Trees">The durable trees.</param>
/// <param name="Network">The cluster's network.</param>
/// <param name="Gateways">The pods' ways into it.</param>
/// <param name="Replicas">This silo's copy of the cluster.</param>
/// <param name="Events">Takes Events.</param>
/// <param name="Faults">What goes wrong on purpose.</param>
/// <param name="Time">The simulated clock.</param>
/// <param name="Wall">The host's clock.</param>
/// <param name="Settings">Bounds and the like.</param>
/// <param name="Logger">The log.</param>
internal sealed record RuntimeServices(
    ImageCatalog Images,
    RunKinds Kinds,
    UnavailableImages Pulls,
    PodVolumes Volumes,
    FileTrees Trees,
    IClusterNetwork Network,
    PodGateways Gateways,
    ReplicaSet Replicas,
    EventRecorder Events,
    FaultInjections Faults,
    SimulatedTime Time,
    TimeProvider Wall,
    RuntimeSettings Settings,
    ILogger<ContainerRuntime> Logger);

/// <summary>How pods are inside.</summary>
public sealed class RuntimeSettings
{
    /// <summary>The bounds of each pod.</summary>
    public PodLimits Limits { get; set; } = new();

    /// <summary>Bytes of a node's own disk: what hostPath volumes of its pods share.</summary>
    public long NodeDiskBytes { get; set; } = 1L << 30;

    /// <summary>Images that cannot be had, as a shell's patterns.</summary>
    public IReadOnlyList<string> UnavailableImages { get; set; } = [];
}
