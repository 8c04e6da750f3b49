using k8s.Models;
using Orleans.StatefulSets.Reconciliation.Events;

namespace Orleans.StatefulSets.Reconciliation.Volumes;

/// <summary>What is to be done about a volume, in the order of the fields.</summary>
public sealed record VolumePlan
{
    /// <summary>Nothing to do.</summary>
    public static VolumePlan Nothing { get; } = new();

    /// <summary>The volume's next revisions, each seen by watchers.</summary>
    public IReadOnlyList<V1PersistentVolume> Revisions { get; init; } = [];

    /// <summary>The volume was marked for deletion and its last finalizer goes with the last revision: it is removed.</summary>
    public bool Removed { get; init; }

    /// <summary>Then it is deleted, as a client would: its finalizers hold it until they are gone. What is stored in it goes too.</summary>
    public bool Delete { get; init; }

    /// <summary>What is told about the volume.</summary>
    public IReadOnlyList<ObjectEvent> Events { get; init; } = [];

    /// <summary>The claim should decide too: it may be waiting for this volume.</summary>
    public bool TellClaim { get; init; }
}
