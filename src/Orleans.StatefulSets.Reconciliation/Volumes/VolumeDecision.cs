using k8s.Models;
using Orleans.StatefulSets.Reconciliation.Events;

namespace Orleans.StatefulSets.Reconciliation.Volumes;

/// <summary>
/// What the persistent volume controller and the volume protection controller do about one volume
/// (<c>pv_controller.go</c> syncVolume, <c>pv_protection_controller.go</c>).
/// </summary>
public static class VolumeDecision
{
    public static VolumePlan Decide(VolumeSituation situation)
    {
        var volume = situation.Volume;
        var plan = DecidePhase(situation);
        var latest = plan.Revisions is [.., var last] ? last : volume;
        if (!MayGo(latest))
        {
            // What is being deleted already isn't deleted again.
            return plan.Delete && volume.Metadata.DeletionTimestamp is not null ? plan with { Delete = false } : plan;
        }

        var freed = latest with { Metadata = VolumeNames.WithoutFinalizer(latest.Metadata, VolumeNames.VolumeProtection) };
        return plan with { Revisions = [.. plan.Revisions, freed], Removed = freed.Metadata.Finalizers is null, Delete = false };
    }

    // A bound volume stays until its claim has gone.
    private static bool MayGo(V1PersistentVolume volume) =>
        volume.Metadata.DeletionTimestamp is not null
        && volume.Status?.Phase != "Bound"
        && volume.Metadata.Finalizers?.Contains(VolumeNames.VolumeProtection) == true;

    private static VolumePlan DecidePhase(VolumeSituation situation)
    {
        var (volume, claim) = (situation.Volume, situation.Claim);
        if (volume.Spec.ClaimRef is not { } reference)
        {
            return Become(volume, "Available", situation.Now);
        }

        if (string.IsNullOrEmpty(reference.Uid))
        {
            // Kept by its owner for a claim that hasn't asked yet.
            return Become(volume, "Available", situation.Now) with { TellClaim = claim is not null };
        }

        if (claim is null || claim.Metadata.Uid != reference.Uid)
        {
            return Release(situation);
        }

        if (string.IsNullOrEmpty(claim.Spec.VolumeName))
        {
            return VolumeMatching.ModeFits(volume, claim)
                ? Become(volume, "Bound", situation.Now) with { TellClaim = true }
                : new VolumePlan { Events = [ModeMismatch(volume)] };
        }

        return claim.Spec.VolumeName == volume.Metadata.Name ? Become(volume, "Bound", situation.Now) : Displaced(situation);
    }

    // The claim took another volume.
    private static VolumePlan Displaced(VolumeSituation situation)
    {
        var volume = situation.Volume;
        var wasMadeForIt = VolumeNames.HasAnnotation(volume.Metadata, VolumeNames.ProvisionedBy)
            && volume.Spec.PersistentVolumeReclaimPolicy == "Delete";
        return wasMadeForIt ? Release(situation) : Free(volume, situation.Now);
    }

    private static VolumePlan Release(VolumeSituation situation)
    {
        var volume = situation.Volume;
        var plan = volume.Status?.Phase is "Released" or "Failed" ? VolumePlan.Nothing : Become(volume, "Released", situation.Now);
        return volume.Spec.PersistentVolumeReclaimPolicy switch
        {
            "Delete" => plan with { Delete = true },
            "Recycle" => Recycle(plan.Revisions is [.., var last] ? last : volume, plan, situation.Now),
            _ => plan,
        };
    }

    private static VolumePlan Recycle(V1PersistentVolume volume, VolumePlan plan, DateTime now)
    {
        var freed = Free(volume, now);
        return freed with
        {
            Revisions = [.. plan.Revisions, .. freed.Revisions],
            Events = [ObjectEvent.Normal(ClaimEvents.Component, "VolumeRecycled", "Volume recycled")],
        };
    }

    // Who wrote the claimRef decides how much of it goes: the controller's goes whole, of the user's only the uid.
    private static VolumePlan Free(V1PersistentVolume volume, DateTime now)
    {
        var isControllers = VolumeNames.HasAnnotation(volume.Metadata, VolumeNames.BoundByController);
        var freed = volume with
        {
            Metadata = isControllers ? VolumeNames.WithoutAnnotation(volume.Metadata, VolumeNames.BoundByController) : volume.Metadata,
            Spec = volume.Spec with { ClaimRef = isControllers ? null : volume.Spec.ClaimRef with { Uid = null, ResourceVersion = null } },
        };
        return new VolumePlan { Revisions = [freed, .. Become(freed, "Available", now).Revisions] };
    }

    private static VolumePlan Become(V1PersistentVolume volume, string phase, DateTime now) => volume.Status?.Phase == phase
        ? VolumePlan.Nothing
        : new VolumePlan
        {
            Revisions =
            [
                volume with { Status = new V1PersistentVolumeStatus { Phase = phase, LastPhaseTransitionTime = now } },
            ],
        };

    private static ObjectEvent ModeMismatch(V1PersistentVolume volume) => ObjectEvent.Warning(
        ClaimEvents.Component,
        "VolumeMismatch",
        $"Cannot bind PersistentVolume \"{volume.Metadata.Name}\" to requested PersistentVolumeClaim \"{volume.Spec.ClaimRef.Name}\" due to incompatible volumeMode.");
}
