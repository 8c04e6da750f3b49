using k8s.Models;
using Orleans.StatefulSets.Reconciliation.Events;

namespace Orleans.StatefulSets.Reconciliation.Volumes;

/// <summary>
/// What is to be done about a claim, in the order of the fields. The claim's revisions stand on the volume's: where the volume
/// could not be written, nothing of them is, and the claim is decided again.
/// </summary>
public sealed record ClaimPlan
{
    /// <summary>Nothing to do.</summary>
    public static ClaimPlan Nothing { get; } = new();

    /// <summary>A volume to be created; one of that name that is there already is as good.</summary>
    public V1PersistentVolume? Provision { get; init; }

    /// <summary>The next revision of an existing volume, which gives it to the claim; only if it is still at its resourceVersion.</summary>
    public V1PersistentVolume? Bind { get; init; }

    /// <summary>The claim's next revisions, each seen by watchers.</summary>
    public IReadOnlyList<V1PersistentVolumeClaim> Revisions { get; init; } = [];

    /// <summary>The claim was marked for deletion and its last finalizer goes with the last revision: it is removed.</summary>
    public bool Removed { get; init; }

    /// <summary>The making of the volume begins now: hand <see cref="ClaimSituation.ProvisioningSince"/> in from here on.</summary>
    public bool ProvisioningBegins { get; init; }

    /// <summary>The provisioner was asked in vain: count it in <see cref="ClaimSituation.ProvisioningTries"/>, and the next try begins from nothing.</summary>
    public bool ProvisioningFailed { get; init; }

    /// <summary>What is told about the claim.</summary>
    public IReadOnlyList<ObjectEvent> Events { get; init; } = [];

    /// <summary>When to decide again though nothing has changed.</summary>
    public DateTime? RetryAt { get; init; }
}
