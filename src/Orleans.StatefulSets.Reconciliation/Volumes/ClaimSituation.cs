using k8s.Models;

namespace Orleans.StatefulSets.Reconciliation.Volumes;

/// <summary>What a claim's decision looks at.</summary>
public sealed record ClaimSituation
{
    /// <summary>The claim as stored, with its resourceVersion.</summary>
    public required V1PersistentVolumeClaim Claim { get; init; }

    /// <summary>The class that the claim names, or null where it names none or there is no such class.</summary>
    public V1StorageClass? Class { get; init; }

    /// <summary>The node that the scheduler chose for the pod that uses the claim; null before that.</summary>
    public string? SelectedNode { get; init; }

    /// <summary>That node's object, where there is one: volumes may be bound to nodes.</summary>
    public V1Node? Node { get; init; }

    /// <summary>The volumes that could be the claim's: those that are free, and those whose claimRef names it.</summary>
    public IEnumerable<V1PersistentVolume> AvailableVolumes { get; init; } = [];

    /// <summary>
    /// The volume that <c>spec.volumeName</c> names; where that is empty, the one that was made for the claim
    /// (<see cref="VolumeNames.OfVolume"/>). Null if there is none.
    /// </summary>
    public V1PersistentVolume? BoundVolume { get; init; }

    /// <summary>A pod that has a node and has not ended uses the claim.</summary>
    public bool InUse { get; init; }

    /// <summary>A pod that uses the claim and has no node yet, if there is one: the event's text names it.</summary>
    public string? UnscheduledPod { get; init; }

    /// <summary>When the making of its volume began; null before <see cref="ClaimPlan.ProvisioningBegins"/>, or when that was forgotten.</summary>
    public DateTime? ProvisioningSince { get; init; }

    /// <summary>The tries to make its volume that failed, as far as they are known; null for none.</summary>
    public ProvisioningTries? ProvisioningTries { get; init; }

    /// <summary>Why the provisioner will not make the volume if it is asked now; null where it will.</summary>
    public string? ProvisioningProblem { get; init; }

    /// <summary>How long it takes to make a volume.</summary>
    public TimeSpan ProvisioningLatency { get; init; }

    /// <summary>The simulated time.</summary>
    public required DateTime Now { get; init; }
}
