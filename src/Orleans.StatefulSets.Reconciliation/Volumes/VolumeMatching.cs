using k8s.Models;
using Orleans.StatefulSets.Reconciliation.Scheduling;
using Orleans.StatefulSets.Reconciliation.StatefulSets;

namespace Orleans.StatefulSets.Reconciliation.Volumes;

/// <summary>Which existing volume a claim gets (<c>component-helpers/storage/volume/pv_helpers.go</c>, FindMatchingVolume).</summary>
public static class VolumeMatching
{
    /// <summary>
    /// The volume kept for the claim by its claimRef if it is large enough, else the smallest free one that fits; of equally
    /// large ones the first by name.
    /// </summary>
    /// <param name="claim">The claim.</param>
    /// <param name="volumes">The volumes that are not bound.</param>
    /// <param name="node">The node that the volume must be reachable from, or null for any.</param>
    /// <param name="onlyReserved">Only one kept for the claim: its class waits for the pod, and there is none yet.</param>
    public static V1PersistentVolume? Find(
        V1PersistentVolumeClaim claim, IEnumerable<V1PersistentVolume> volumes, V1Node? node = null, bool onlyReserved = false)
    {
        V1PersistentVolume? best = null;
        foreach (var volume in volumes)
        {
            if (volume.Metadata.DeletionTimestamp is not null || !IsLargeEnough(volume, claim) || !ModeFits(volume, claim)
                || (node is not null && !NodeSelectors.Matches(volume.Spec.NodeAffinity?.Required, node)))
            {
                continue;
            }

            if (volume.Spec.ClaimRef is not null)
            {
                if (ClaimRefs.IsFor(volume, claim))
                {
                    return volume;
                }
            }
            else if (!onlyReserved && Fits(volume, claim) && (best is null || IsBetter(volume, best)))
            {
                best = volume;
            }
        }

        return best;
    }

    /// <summary>Why a volume that the claim names can't be its own, or null (upstream's checkVolumeSatisfyClaim).</summary>
    internal static string? Mismatch(V1PersistentVolume volume, V1PersistentVolumeClaim claim)
    {
        if (!IsLargeEnough(volume, claim))
        {
            return "requested PV is too small";
        }

        if (VolumeNames.ClassOf(volume) != VolumeNames.ClassOf(claim))
        {
            return "storageClassName does not match";
        }

        if (!ModeFits(volume, claim))
        {
            return "incompatible volumeMode";
        }

        return AccessFits(volume, claim) ? null : "incompatible accessMode";
    }

    internal static ResourceQuantity? Requested(V1PersistentVolumeClaim claim) =>
        claim.Spec.Resources?.Requests is { } requests && requests.TryGetValue("storage", out var size) ? size : null;

    internal static bool ModeFits(V1PersistentVolume volume, V1PersistentVolumeClaim claim) =>
        (volume.Spec.VolumeMode ?? "Filesystem") == (claim.Spec.VolumeMode ?? "Filesystem");

    private static bool Fits(V1PersistentVolume volume, V1PersistentVolumeClaim claim) =>
        volume.Status?.Phase == "Available"
        && (claim.Spec.Selector is null || SelectorMatching.Matches(claim.Spec.Selector, volume.Metadata.Labels))
        && VolumeNames.ClassOf(volume) == VolumeNames.ClassOf(claim)
        && (volume.Spec.VolumeAttributesClassName ?? "") == (claim.Spec.VolumeAttributesClassName ?? "")
        && AccessFits(volume, claim);

    private static bool AccessFits(V1PersistentVolume volume, V1PersistentVolumeClaim claim) =>
        (claim.Spec.AccessModes ?? []).All(mode => volume.Spec.AccessModes?.Contains(mode) == true);

    private static bool IsLargeEnough(V1PersistentVolume volume, V1PersistentVolumeClaim claim) =>
        Capacity(volume) >= (Requested(claim)?.ToDecimal() ?? 0);

    private static bool IsBetter(V1PersistentVolume volume, V1PersistentVolume best)
    {
        var order = Capacity(volume).CompareTo(Capacity(best));
        return order != 0 ? order < 0 : string.CompareOrdinal(volume.Metadata.Name, best.Metadata.Name) < 0;
    }

    private static decimal Capacity(V1PersistentVolume volume) =>
        volume.Spec.Capacity is { } capacity && capacity.TryGetValue("storage", out var size) ? size.ToDecimal() : 0;
}
