using k8s.Models;

namespace Orleans.StatefulSets.Reconciliation.Scheduling;

/// <summary>How far one of a pod's claims is, as the scheduler's VolumeBinding plugin sees it.</summary>
public enum ClaimReadiness
{
    /// <summary>Bound to a volume: the volume's node affinity decides.</summary>
    Bound,

    /// <summary>Unbound, and its class waits for the pod's node.</summary>
    WaitForFirstConsumer,

    /// <summary>Unbound, and it must be bound before the pod is scheduled.</summary>
    UnboundImmediate,

    /// <summary>There is no such claim.</summary>
    Missing,

    /// <summary>It has a deletionTimestamp.</summary>
    Deleting,

    /// <summary>Phase Lost: its volume is gone.</summary>
    Lost,
}

/// <summary>One of the pod's claims.</summary>
public sealed record SchedulingClaim
{
    public required string Name { get; init; }

    public required ClaimReadiness Readiness { get; init; }

    /// <summary>Its access mode is ReadWriteOncePod, and another pod has it.</summary>
    public bool IsTaken { get; init; }

    /// <summary>The volume that it is or was bound to, for the text of a lost one.</summary>
    public string VolumeName { get; init; } = "";

    /// <summary>Bound: the volume's <c>spec.nodeAffinity.required</c>.</summary>
    public V1NodeSelector? VolumeAffinity { get; init; }

    /// <summary>Bound: the volume's labels, some of which name zones and regions.</summary>
    public IDictionary<string, string>? VolumeLabels { get; init; }

    /// <summary>WaitForFirstConsumer: the class's <c>allowedTopologies</c>, where a volume may be made; none is anywhere.</summary>
    public IList<V1TopologySelectorTerm>? AllowedTopologies { get; init; }

    /// <summary>WaitForFirstConsumer: whether its class can make a volume for any node; else only <see cref="Candidates"/> will do.</summary>
    public bool CanProvision { get; init; } = true;

    /// <summary>WaitForFirstConsumer: the existing volumes that fit the claim, wherever they are.</summary>
    public IReadOnlyList<V1PersistentVolume> Candidates { get; init; } = [];
}

/// <summary>All claims that a pod's volumes name.</summary>
/// <param name="Claims">In the order of the pod's volumes.</param>
public sealed record SchedulingClaims(IReadOnlyList<SchedulingClaim> Claims)
{
    /// <summary>A pod without claims.</summary>
    public static SchedulingClaims None { get; } = new([]);
}
