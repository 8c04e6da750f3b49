using k8s.Models;

namespace Orleans.StatefulSets.Reconciliation.Volumes;

/// <summary>The volume's side of a binding, <c>spec.claimRef</c>.</summary>
internal static class ClaimRefs
{
    /// <summary>The volume is this claim's, or is kept for it by name (a claimRef without uid): upstream's isVolumeBoundToClaim.</summary>
    public static bool IsFor(V1PersistentVolume volume, V1PersistentVolumeClaim claim) =>
        volume.Spec.ClaimRef is { } reference
        && reference.Name == claim.Metadata.Name
        && reference.NamespaceProperty == claim.Metadata.NamespaceProperty
        && (string.IsNullOrEmpty(reference.Uid) || reference.Uid == claim.Metadata.Uid);

    /// <summary>The volume names exactly this claim, uid and all.</summary>
    public static bool IsBoundTo(V1PersistentVolume volume, V1PersistentVolumeClaim claim) =>
        IsFor(volume, claim) && volume.Spec.ClaimRef.Uid == claim.Metadata.Uid;

    public static V1ObjectReference Of(V1PersistentVolumeClaim claim) => new()
    {
        ApiVersion = "v1",
        Kind = "PersistentVolumeClaim",
        NamespaceProperty = claim.Metadata.NamespaceProperty,
        Name = claim.Metadata.Name,
        Uid = claim.Metadata.Uid,
        ResourceVersion = claim.Metadata.ResourceVersion,
    };
}
