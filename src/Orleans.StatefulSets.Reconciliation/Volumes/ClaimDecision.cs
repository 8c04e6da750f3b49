using k8s.Models;
using Orleans.StatefulSets.Reconciliation.Events;

namespace Orleans.StatefulSets.Reconciliation.Volumes;

/// <summary>
/// What the persistent volume controller, a provisioner and the claim protection controller do about one claim
/// (<c>pv_controller.go</c> syncClaim, <c>pvc_protection_controller.go</c>).
/// </summary>
public static class ClaimDecision
{
    public static ClaimPlan Decide(ClaimSituation situation)
    {
        var claim = situation.Claim;
        if (MayGo(situation))
        {
            var metadata = VolumeNames.WithoutFinalizer(claim.Metadata, VolumeNames.ClaimProtection);
            return new ClaimPlan { Revisions = [claim with { Metadata = metadata }], Removed = metadata.Finalizers is null };
        }

        return VolumeNames.HasAnnotation(claim.Metadata, VolumeNames.BindCompleted) ? DecideBound(situation) : DecideUnbound(situation);
    }

    private static bool MayGo(ClaimSituation situation) =>
        situation.Claim.Metadata.DeletionTimestamp is not null
        && !situation.InUse
        && situation.Claim.Metadata.Finalizers?.Contains(VolumeNames.ClaimProtection) == true;

    private static ClaimPlan DecideBound(ClaimSituation situation)
    {
        var claim = situation.Claim;
        if (string.IsNullOrEmpty(claim.Spec.VolumeName))
        {
            return Lost(claim, ClaimEvents.LostReference);
        }

        return situation.BoundVolume switch
        {
            null => Lost(claim, ClaimEvents.LostVolume),
            { Spec.ClaimRef: null } volume => ClaimBinding.Bind(claim, volume),
            { } volume when ClaimRefs.IsBoundTo(volume, claim) => ClaimBinding.Bind(claim, volume),
            _ => Lost(claim, ClaimEvents.Misbound),
        };
    }

    private static ClaimPlan DecideUnbound(ClaimSituation situation)
    {
        var claim = situation.Claim;
        if (!string.IsNullOrEmpty(claim.Spec.VolumeName))
        {
            return DecideNamed(claim, situation.BoundVolume);
        }

        // A volume that was made for it, in a turn that did not come to its end.
        if (situation.BoundVolume is { } made && ClaimRefs.IsBoundTo(made, claim))
        {
            return ClaimBinding.Bind(claim, made);
        }

        var waits = StorageClasses.WaitsForFirstConsumer(situation.Class) && SelectedNode(situation) is null;
        if (VolumeMatching.Find(claim, situation.AvailableVolumes, situation.Node, onlyReserved: waits) is { } found)
        {
            return ClaimBinding.Bind(claim, found);
        }

        if (waits)
        {
            return Pending(claim, situation.UnscheduledPod is { } pod ? ClaimEvents.WaitForPod(pod) : ClaimEvents.WaitForFirstConsumer);
        }

        return VolumeNames.ClassOf(claim) is { Length: > 0 } name ? Provision(situation, name) : Pending(claim, ClaimEvents.NoVolume);
    }

    // The user asked for one volume by name.
    private static ClaimPlan DecideNamed(V1PersistentVolumeClaim claim, V1PersistentVolume? volume)
    {
        if (volume is null)
        {
            return Pending(claim);
        }

        if (volume.Spec.ClaimRef is null)
        {
            return VolumeMatching.Mismatch(volume, claim) is { } why
                ? Pending(claim, ClaimEvents.Mismatch(volume.Metadata.Name, why))
                : ClaimBinding.Bind(claim, volume);
        }

        return ClaimRefs.IsFor(volume, claim)
            ? ClaimBinding.Bind(claim, volume)
            : Pending(claim, ClaimEvents.BoundToAnother(volume.Metadata.Name));
    }

    private static ClaimPlan Provision(ClaimSituation situation, string className)
    {
        if (situation.Class is not { } storageClass)
        {
            return Pending(situation.Claim, ClaimEvents.NoClass(className));
        }

        if (!StorageClasses.CanProvision(storageClass))
        {
            return Pending(situation.Claim, ClaimEvents.NoPlugin(storageClass.Provisioner));
        }

        // A claim that is going gets no volume any more.
        if (situation.Claim.Metadata.DeletionTimestamp is not null)
        {
            return Pending(situation.Claim);
        }

        if (situation.ProvisioningTries is { } tries && situation.Now < tries.NextAt)
        {
            return Pending(situation.Claim) with { RetryAt = tries.NextAt };
        }

        var begun = Begin(situation, storageClass);
        return begun.RetryAt > situation.Now ? begun
            : situation.ProvisioningProblem is { } why ? Fail(situation, storageClass, begun, why)
            : Finish(situation, storageClass, begun);
    }

    private static ClaimPlan Fail(ClaimSituation situation, V1StorageClass storageClass, ClaimPlan begun, string why) => new()
    {
        Revisions = begun.Revisions,
        ProvisioningFailed = true,
        Events = [.. begun.Events, ClaimEvents.ProvisioningFailed(storageClass.Provisioner, storageClass.Metadata.Name, why)],
        RetryAt = new ProvisioningTries((situation.ProvisioningTries?.Count ?? 0) + 1, situation.Now).NextAt,
    };

    private static ClaimPlan Begin(ClaimSituation situation, V1StorageClass storageClass)
    {
        var begins = situation.ProvisioningSince is null;
        return new ClaimPlan
        {
            Revisions = Marked(situation, storageClass) is { } marked ? [marked] : [],
            ProvisioningBegins = begins,
            Events = begins
                ? [.. situation.ProvisioningTries is null ? (ObjectEvent[])[ClaimEvents.ExternalProvisioning(storageClass.Provisioner)] : [], ClaimEvents.Provisioning(storageClass.Provisioner, situation.Claim)]
                : [],
            RetryAt = (situation.ProvisioningSince ?? situation.Now) + situation.ProvisioningLatency,
        };
    }

    // The volume is bound to the claim from its birth, so the claim's side follows at once.
    private static ClaimPlan Finish(ClaimSituation situation, V1StorageClass storageClass, ClaimPlan begun)
    {
        var volume = Provisioning.VolumeFor(situation.Claim, storageClass);
        var marked = begun.Revisions is [.., var last] ? last : situation.Claim;
        return new ClaimPlan
        {
            Provision = volume,
            Revisions = [.. begun.Revisions, .. ClaimBinding.Bind(marked, volume).Revisions],
            Events = [.. begun.Events, ClaimEvents.Provisioned(storageClass.Provisioner, volume.Metadata.Name)],
        };
    }

    // The scheduler's choice of a node and the name of the provisioner are written before the volume is made; null: they are there.
    private static V1PersistentVolumeClaim? Marked(ClaimSituation situation, V1StorageClass storageClass)
    {
        var claim = situation.Claim;
        var metadata = VolumeNames.WithAnnotations(
            claim.Metadata,
            (VolumeNames.BetaStorageProvisioner, storageClass.Provisioner), (VolumeNames.StorageProvisioner, storageClass.Provisioner));
        if (StorageClasses.WaitsForFirstConsumer(storageClass) && SelectedNode(situation) is { } node)
        {
            metadata = VolumeNames.WithAnnotations(metadata, (VolumeNames.SelectedNode, node));
        }

        return metadata.Annotations.Count == (claim.Metadata.Annotations?.Count ?? 0)
            ? null
            : claim with { Metadata = metadata, Status = claim.Status ?? new V1PersistentVolumeClaimStatus { Phase = "Pending" } };
    }

    private static string? SelectedNode(ClaimSituation situation) =>
        VolumeNames.Annotation(situation.Claim.Metadata, VolumeNames.SelectedNode) ?? situation.SelectedNode;

    private static ClaimPlan Pending(V1PersistentVolumeClaim claim, params IReadOnlyList<ObjectEvent> events) => new()
    {
        Revisions = claim.Status?.Phase == "Pending" ? [] : [claim with { Status = new V1PersistentVolumeClaimStatus { Phase = "Pending" } }],
        Events = events,
    };

    // A lost claim is told of once: when it becomes lost.
    private static ClaimPlan Lost(V1PersistentVolumeClaim claim, ObjectEvent told) => claim.Status?.Phase == "Lost"
        ? ClaimPlan.Nothing
        : new ClaimPlan { Revisions = [claim with { Status = new V1PersistentVolumeClaimStatus { Phase = "Lost" } }], Events = [told] };
}
