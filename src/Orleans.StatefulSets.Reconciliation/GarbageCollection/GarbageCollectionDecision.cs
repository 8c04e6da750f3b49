using k8s.Models;

namespace Orleans.StatefulSets.Reconciliation.GarbageCollection;

/// <summary>What the garbage collector does with dependents and owners, by <c>pkg/controller/garbagecollector/garbagecollector.go</c>.</summary>
public static class GarbageCollectionDecision
{
    public const string ForegroundFinalizer = "foregroundDeletion";
    public const string OrphanFinalizer = "orphan";

    /// <summary>
    /// Whether a dependent stays (<c>attemptToDeleteItem</c>): it does while any owner stands; without one it goes.
    /// </summary>
    /// <param name="dependent">The dependent's metadata.</param>
    /// <param name="owners">What is known of the owner of each reference; asked once each.</param>
    /// <param name="dependents">Whether other objects name this one as their owner.</param>
    public static CollectionStep OfDependent(
        V1ObjectMeta dependent, Func<V1OwnerReference, OwnerKnowledge> owners, DependentsKnowledge dependents)
    {
        // One that is being deleted is on its way; in the foreground, OfOwner leads it to its end.
        var references = dependent.OwnerReferences ?? [];
        if (IsBeingDeleted(dependent) || references.Count == 0)
        {
            return CollectionStep.Keep;
        }

        var known = references.Select(reference => (Reference: reference, Owner: owners(reference))).ToList();
        if (known.Any(pair => pair.Owner == OwnerKnowledge.Unknown))
        {
            return CollectionStep.AskAgain;
        }

        var solid = known.Where(pair => pair.Owner == OwnerKnowledge.Present).Select(pair => pair.Reference).ToList();
        if (solid.Count > 0)
        {
            return solid.Count == known.Count
                ? CollectionStep.Keep
                : new CollectionStep { Action = CollectionAction.DropReferences, RemainingReferences = solid };
        }

        if (dependents == DependentsKnowledge.None || known.All(pair => pair.Owner != OwnerKnowledge.DeletingInForeground))
        {
            return Delete(PropagationOf(dependent));
        }

        // An owner waits for this object, and others wait for it in turn. Where one of those is itself deleting in the foreground
        // there may be a circle, so the object stops blocking its owners first.
        return Delete("Foreground") with
        {
            RemainingReferences = dependents == DependentsKnowledge.SomeDeletingInForeground && Blocks(references)
                ? [.. references.Select(reference => reference with { BlockOwnerDeletion = false })]
                : null,
        };
    }

    /// <summary>What holds an owner that is being deleted, and whether its finalizer may go.</summary>
    /// <param name="owner">The owner's metadata.</param>
    /// <param name="dependents">The metadata of all objects with a reference to it.</param>
    public static OwnerStep OfOwner(V1ObjectMeta owner, IEnumerable<V1ObjectMeta> dependents)
    {
        if (!IsBeingDeleted(owner))
        {
            return OwnerStep.Nothing;
        }

        if (Has(owner, OrphanFinalizer))
        {
            var referring = dependents.Where(dependent => Refers(dependent, owner.Uid)).ToList();
            return new OwnerStep
            {
                Orphan = referring,
                RemoveFinalizer = referring.Count == 0 ? OrphanFinalizer : null,
            };
        }

        if (!Has(owner, ForegroundFinalizer))
        {
            return OwnerStep.Nothing;
        }

        var owned = dependents.Where(dependent => Refers(dependent, owner.Uid)).ToList();
        return new OwnerStep
        {
            Collect = [.. owned.Where(dependent => !IsBeingDeleted(dependent))],
            RemoveFinalizer = owned.Any(dependent => Blocks(dependent, owner.Uid)) ? null : ForegroundFinalizer,
        };
    }

    /// <summary>The references of a dependent without those to one owner; null where none refers to it.</summary>
    public static IList<V1OwnerReference>? ReferencesWithout(V1ObjectMeta dependent, string ownerUid) =>
        Refers(dependent, ownerUid) ? [.. dependent.OwnerReferences.Where(reference => reference.Uid != ownerUid)] : null;

    /// <summary>The finalizer list that a delete with this propagation policy leaves on an object.</summary>
    /// <param name="current">The object's finalizers.</param>
    /// <param name="propagationPolicy">Foreground, Background, Orphan; null keeps what the finalizers say, Background if nothing.</param>
    public static IList<string> FinalizersFor(IList<string>? current, string? propagationPolicy)
    {
        var others = (current ?? []).Where(finalizer => finalizer is not (ForegroundFinalizer or OrphanFinalizer)).ToList();
        return propagationPolicy switch
        {
            "Foreground" => [.. others, ForegroundFinalizer],
            "Orphan" => [.. others, OrphanFinalizer],
            "Background" => others,
            _ => current ?? [],
        };
    }

    /// <summary>The object is deleted in the foreground: it goes after the dependents that block it.</summary>
    public static bool IsDeletingDependents(V1ObjectMeta metadata) => IsBeingDeleted(metadata) && Has(metadata, ForegroundFinalizer);

    private static bool IsBeingDeleted(V1ObjectMeta metadata) => metadata.DeletionTimestamp is not null;

    private static bool Has(V1ObjectMeta metadata, string finalizer) => metadata.Finalizers?.Contains(finalizer) == true;

    private static bool Refers(V1ObjectMeta dependent, string ownerUid) =>
        dependent.OwnerReferences?.Any(reference => reference.Uid == ownerUid) == true;

    private static bool Blocks(V1ObjectMeta dependent, string ownerUid) =>
        dependent.OwnerReferences?.Any(reference => reference.Uid == ownerUid && reference.BlockOwnerDeletion == true) == true;

    private static bool Blocks(IList<V1OwnerReference> references) => references.Any(reference => reference.BlockOwnerDeletion == true);

    private static string PropagationOf(V1ObjectMeta dependent) =>
        Has(dependent, OrphanFinalizer) ? "Orphan" : Has(dependent, ForegroundFinalizer) ? "Foreground" : "Background";

    private static CollectionStep Delete(string propagation) => new() { Action = CollectionAction.Delete, PropagationPolicy = propagation };
}
