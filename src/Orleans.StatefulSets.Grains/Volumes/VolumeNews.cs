using k8s.Models;
using Orleans.StatefulSets.Grains.Objects;
using Orleans.StatefulSets.Reconciliation.StatefulSets;
using Orleans.StatefulSets.Resources.Kinds;

namespace Orleans.StatefulSets.Grains.Volumes;

/// <summary>Whom a claim's and a volume's revisions concern: each other, the scheduler, and the set that the claim is of.</summary>
internal static class VolumeNews
{
    public static void TellOfClaim(ObjectServices services, Carried carried)
    {
        var claim = carried.Object.As<V1PersistentVolumeClaim>();
        if (!string.IsNullOrEmpty(claim.Spec.VolumeName))
        {
            services.Observers.Volume(claim.Spec.VolumeName).Observe(carried.Object, carried.Removed).Ignore();
        }

        if (claim.Status?.Phase == "Bound" && carried.BeforeAs<V1PersistentVolumeClaim>()?.Status?.Phase != "Bound")
        {
            services.Observers.Scheduler().Observe(carried.Object, carried.Removed).Ignore();
        }

        if (carried.Before is null || carried.Removed || MetadataDiffers(carried))
        {
            TellSets(services, carried);
        }
    }

    public static void TellOfVolume(ObjectServices services, Carried carried)
    {
        var volume = carried.Object.As<V1PersistentVolume>();
        if (volume.Spec.ClaimRef is { Name.Length: > 0 } reference)
        {
            services.Observers.Claim(reference.NamespaceProperty, reference.Name).Observe(carried.Object, carried.Removed).Ignore();
        }
        else if (!carried.Removed)
        {
            TellWaitingClaims(services);
        }
    }

    private static bool MetadataDiffers(Carried carried) =>
        carried.Object.Metadata.DeletionTimestamp != carried.BeforeAs<V1PersistentVolumeClaim>()!.Metadata.DeletionTimestamp
        || !ReferenceEquals(carried.Object.Metadata.OwnerReferences, carried.BeforeAs<V1PersistentVolumeClaim>()!.Metadata.OwnerReferences);

    // A claim carries no word of its set but its name: <template>-<set>-<ordinal>.
    private static void TellSets(ObjectServices services, Carried carried)
    {
        var key = carried.Object.Key;
        foreach (var set in StatefulSetNames.SetsOfClaim(key.Name).Where(name => services.Replicas.Find(ResourceKinds.StatefulSets.Key(key.Namespace, name)) is not null))
        {
            services.Observers.StatefulSet(key.Namespace, set).Observe(carried.Object, carried.Removed).Ignore();
        }
    }

    private static void TellWaitingClaims(ObjectServices services)
    {
        foreach (var key in services.Replicas.Unfinished.Keys())
        {
            if (key.Resource == ResourceKinds.PersistentVolumeClaims.Resource)
            {
                services.Observers.Find(key)!.Nudge().Ignore();
            }
        }
    }
}
