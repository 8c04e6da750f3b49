using k8s.Models;

namespace Orleans.StatefulSets.Reconciliation.Revisions;

/// <summary>What becomes of a set's ControllerRevisions, and which two count.</summary>
public sealed record RevisionPlan
{
    /// <summary>The revision of the pods that are not updated yet. It is the update revision where the stored status names none that exists.</summary>
    public required V1ControllerRevision Current { get; init; }

    /// <summary>The revision of the set's template, as it is after <see cref="Create"/> or <see cref="Raise"/>.</summary>
    public required V1ControllerRevision Update { get; init; }

    /// <summary>status.collisionCount from now on.</summary>
    public required int CollisionCount { get; init; }

    /// <summary>Revisions without a controller that become the set's: each as it is to be written.</summary>
    public IReadOnlyList<V1ControllerRevision> Adopt { get; init; } = [];

    /// <summary>The revision to create, or null. A name that turns out to be taken is decided anew through FindRevision.</summary>
    public V1ControllerRevision? Create { get; init; }

    /// <summary>An older, equal revision with its raised number, to be written (a rollback); or null.</summary>
    public V1ControllerRevision? Raise { get; init; }

    /// <summary>Revisions over the history limit, oldest first; deleted after everything else of the plan.</summary>
    public IReadOnlyList<V1ControllerRevision> Prune { get; init; } = [];

    /// <summary>Something is to be written or deleted.</summary>
    public bool Changes => Adopt.Count + Prune.Count > 0 || Create is not null || Raise is not null;
}
