using k8s.Models;
using Orleans.StatefulSets.Reconciliation.Revisions;

namespace Orleans.StatefulSets.Reconciliation.StatefulSets;

/// <summary>
/// What is to be done now. The fields are carried out in the order they stand in, and a failure ends the round but for
/// <see cref="Status"/>, which is written all the same: a claim that could not be given to its pod must not see the pod deleted.
/// After it, or after anything new is observed, the set decides again; what a plan did must have been observed by then.
/// </summary>
public sealed record StatefulSetPlan
{
    /// <summary>The ControllerRevisions: adopted, created or raised before anything else; <see cref="RevisionPlan.Prune"/> comes last of all.</summary>
    public required RevisionPlan Revisions { get; init; }

    /// <summary>Pods without a controller that match: <see cref="Ownership.Adopt(V1StatefulSet, V1ObjectMeta)"/>.</summary>
    public IReadOnlyList<PodReference> Adopt { get; init; } = [];

    /// <summary>Pods that stopped matching: <see cref="Ownership.Release(V1StatefulSet, V1ObjectMeta)"/>.</summary>
    public IReadOnlyList<PodReference> Release { get; init; } = [];

    /// <summary>Pods to create, ascending.</summary>
    public IReadOnlyList<PodCreation> Create { get; init; } = [];

    /// <summary>Pods and claims to put right, ascending.</summary>
    public IReadOnlyList<PodMending> Mend { get; init; } = [];

    /// <summary>Owner references of claims, by the retention policy.</summary>
    public IReadOnlyList<ClaimOwnership> Claims { get; init; } = [];

    /// <summary>Pods to delete, in this order. One that is gone already counts as deleted.</summary>
    public IReadOnlyList<PodDeletion> Delete { get; init; } = [];

    /// <summary>Ordinals that cannot be created now, with the error that upstream's FailedCreate event carries.</summary>
    public IReadOnlyList<CreationHindrance> Hindered { get; init; } = [];

    /// <summary>The status; write it when <see cref="StatusChanged"/>.</summary>
    public required V1StatefulSetStatus Status { get; init; }

    /// <summary>The status differs from the stored one in a way that upstream writes (<c>inconsistentStatus</c>).</summary>
    public required bool StatusChanged { get; init; }

    /// <summary>When to decide again though nothing was observed (minReadySeconds); null when only an observation can change the decision.</summary>
    public DateTime? RecheckAt { get; init; }

    /// <summary>Parallel: <see cref="Create"/> goes out in batches of 1, 2, 4 … 500, and stops after a batch with an error.</summary>
    public bool SlowStart { get; init; }

    /// <summary>The lists were cut at a bound: decide again as soon as the plan is carried out, without waiting for an observation.</summary>
    public bool More { get; init; }

    /// <summary>Nothing to carry out.</summary>
    public bool Idle => !Revisions.Changes && Adopt.Count + Release.Count + Create.Count + Mend.Count + Claims.Count + Delete.Count == 0 && !StatusChanged;
}
