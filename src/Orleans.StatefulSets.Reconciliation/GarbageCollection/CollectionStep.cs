using k8s.Models;

namespace Orleans.StatefulSets.Reconciliation.GarbageCollection;

/// <summary>What is known of the object that an owner reference names.</summary>
public enum OwnerKnowledge
{
    /// <summary>Not asked yet, or no answer: nothing may be concluded.</summary>
    Unknown,

    /// <summary>It stands, with that uid.</summary>
    Present,

    /// <summary>Proved: no object of that kind and name, or one with another uid.</summary>
    Absent,

    /// <summary>It stands, is being deleted, and has the finalizer <c>foregroundDeletion</c>.</summary>
    DeletingInForeground,
}

/// <summary>What is known of the objects that name this one as their owner, blocking or not.</summary>
public enum DependentsKnowledge
{
    None,

    Some,

    /// <summary>One of them at least is being deleted with the finalizer <c>foregroundDeletion</c>.</summary>
    SomeDeletingInForeground,
}

public enum CollectionAction
{
    Keep,

    /// <summary>Nothing can be decided before every owner is known.</summary>
    AskAgain,

    /// <summary>Write <see cref="CollectionStep.RemainingReferences"/>: some owners are gone, others stand.</summary>
    DropReferences,

    /// <summary>Delete with <see cref="CollectionStep.PropagationPolicy"/> and the uid as precondition.</summary>
    Delete,
}

/// <summary>What becomes of a dependent.</summary>
public sealed record CollectionStep
{
    public static CollectionStep Keep { get; } = new() { Action = CollectionAction.Keep };

    public static CollectionStep AskAgain { get; } = new() { Action = CollectionAction.AskAgain };

    public required CollectionAction Action { get; init; }

    /// <summary>For DropReferences: what stays. For Delete, where set: write these before deleting, so that a circle opens.</summary>
    public IList<V1OwnerReference>? RemainingReferences { get; init; }

    /// <summary>For Delete: <c>Background</c>, <c>Foreground</c> or <c>Orphan</c>.</summary>
    public string? PropagationPolicy { get; init; }
}

/// <summary>What an owner that is being deleted waits for.</summary>
public sealed record OwnerStep
{
    public static OwnerStep Nothing { get; } = new();

    /// <summary>Dependents to look at with <see cref="GarbageCollectionDecision.OfDependent"/>; none of them is being deleted yet.</summary>
    public IReadOnlyList<V1ObjectMeta> Collect { get; init; } = [];

    /// <summary>Dependents that lose their reference to the owner, by <see cref="GarbageCollectionDecision.ReferencesWithout"/>.</summary>
    public IReadOnlyList<V1ObjectMeta> Orphan { get; init; } = [];

    /// <summary>The finalizer that may go now; null while something is still to be done.</summary>
    public string? RemoveFinalizer { get; init; }
}
