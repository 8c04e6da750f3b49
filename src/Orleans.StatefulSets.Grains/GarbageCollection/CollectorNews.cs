using Orleans.StatefulSets.Grains.Objects;
using Orleans.StatefulSets.Reconciliation.GarbageCollection;
using Orleans.StatefulSets.Resources.Objects;

namespace Orleans.StatefulSets.Grains.GarbageCollection;

/// <summary>Which commits concern the garbage collector.</summary>
internal static class CollectorNews
{
    public static void Tell(ObjectServices services, Carried carried)
    {
        var item = carried.Object;
        if (carried.Removed)
        {
            if (MayHaveDependents(services, item))
            {
                services.Observers.Collector(item.Uid).Collect(item.Key).Ignore();
            }

            TellWaitingOwners(services, item);
        }
        else if (item.Metadata.DeletionTimestamp is not null && IsCollectorsFinalizer(item))
        {
            services.Observers.Collector(item.Uid).Collect(item.Key).Ignore();
        }
    }

    // Sets own what this silo's copy may not have seen yet; for others the index is asked, and the sweep finds the rest.
    private static bool MayHaveDependents(ObjectServices services, StoredObject item) =>
        item.Key.Resource is "statefulsets.apps" or "services" || services.Replicas.Owners.DependentsOf(item.Uid).Count > 0;

    private static bool IsCollectorsFinalizer(StoredObject item) =>
        item.Metadata.Finalizers?.Any(finalizer => finalizer is GarbageCollectionDecision.ForegroundFinalizer or GarbageCollectionDecision.OrphanFinalizer) == true;

    private static void TellWaitingOwners(ObjectServices services, StoredObject item)
    {
        foreach (var reference in item.Metadata.OwnerReferences ?? [])
        {
            if (OwnerKeys.Of(reference, item.Key.Namespace) is { } key
                && services.Replicas.Find(key) is { } owner && GarbageCollectionDecision.IsDeletingDependents(owner.Metadata))
            {
                services.Observers.Collector(reference.Uid).Collect(key).Ignore();
            }
        }
    }
}
