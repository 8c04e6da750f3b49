using k8s.Models;

namespace Orleans.StatefulSets.Reconciliation.Volumes;

/// <summary>
/// Joins a claim and a volume: the volume's claimRef first, then the claim's volumeName, then its status, so that whoever is
/// interrupted finds what is left to do (<c>pv_controller.go</c>, bind).
/// </summary>
internal static class ClaimBinding
{
    public static ClaimPlan Bind(V1PersistentVolumeClaim claim, V1PersistentVolume volume)
    {
        if (ClaimRefs.IsBoundTo(volume, claim))
        {
            return new ClaimPlan { Revisions = Revisions(claim, volume) };
        }

        var reserved = Reserve(volume, claim);
        return new ClaimPlan { Bind = reserved, Revisions = Revisions(claim, reserved) };
    }

    // A claimRef that the user wrote gets the claim's uid; one that is written here is marked as the controller's.
    private static V1PersistentVolume Reserve(V1PersistentVolume volume, V1PersistentVolumeClaim claim) => volume with
    {
        Metadata = volume.Spec.ClaimRef is null
            ? VolumeNames.WithAnnotations(volume.Metadata, (VolumeNames.BoundByController, "yes"))
            : volume.Metadata,
        Spec = volume.Spec with { ClaimRef = ClaimRefs.Of(claim) },
    };

    private static List<V1PersistentVolumeClaim> Revisions(V1PersistentVolumeClaim claim, V1PersistentVolume volume)
    {
        var revisions = new List<V1PersistentVolumeClaim>(2);
        var named = claim.Spec.VolumeName == volume.Metadata.Name;
        if (!named || !VolumeNames.HasAnnotation(claim.Metadata, VolumeNames.BindCompleted))
        {
            var metadata = VolumeNames.WithAnnotations(claim.Metadata, (VolumeNames.BindCompleted, "yes"));
            claim = claim with
            {
                Metadata = named ? metadata : VolumeNames.WithAnnotations(metadata, (VolumeNames.BoundByController, "yes")),
                Spec = claim.Spec with { VolumeName = volume.Metadata.Name },
            };
            revisions.Add(claim);
        }

        if (!IsBound(claim.Status, volume))
        {
            revisions.Add(claim with { Status = Bound(claim.Status, volume) });
        }

        return revisions;
    }

    private static bool IsBound(V1PersistentVolumeClaimStatus? status, V1PersistentVolume volume) =>
        status?.Phase == "Bound"
        && (status.AccessModes ?? []).SequenceEqual(volume.Spec.AccessModes ?? [])
        && status.Capacity?.ContainsKey("storage") == true;

    private static V1PersistentVolumeClaimStatus Bound(V1PersistentVolumeClaimStatus? status, V1PersistentVolume volume) =>
        (status ?? new V1PersistentVolumeClaimStatus()) with
        {
            Phase = "Bound",
            AccessModes = volume.Spec.AccessModes,
            Capacity = volume.Spec.Capacity,
        };
}
