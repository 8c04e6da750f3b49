using k8s.Models;

namespace Orleans.StatefulSets.Reconciliation.Volumes;

/// <summary>The volume that a provisioner makes for a claim, bound to it from its first revision.</summary>
internal static class Provisioning
{
    private const string Directory = "/opt/local-path-provisioner";

    public static V1PersistentVolume VolumeFor(V1PersistentVolumeClaim claim, V1StorageClass storageClass)
    {
        var name = VolumeNames.OfVolume(claim);
        return new V1PersistentVolume
        {
            ApiVersion = "v1",
            Kind = "PersistentVolume",
            Metadata = new V1ObjectMeta
            {
                Name = name,
                Annotations = new Dictionary<string, string> { [VolumeNames.ProvisionedBy] = storageClass.Provisioner },
                Finalizers = [VolumeNames.VolumeProtection],
            },
            Spec = new V1PersistentVolumeSpec
            {
                AccessModes = claim.Spec.AccessModes is null ? null : [.. claim.Spec.AccessModes],
                Capacity = new Dictionary<string, ResourceQuantity> { ["storage"] = VolumeMatching.Requested(claim) ?? new ResourceQuantity("0") },
                ClaimRef = ClaimRefs.Of(claim),
                HostPath = new V1HostPathVolumeSource
                {
                    Path = $"{Directory}/{name}_{claim.Metadata.NamespaceProperty}_{claim.Metadata.Name}",
                    Type = "DirectoryOrCreate",
                },
                MountOptions = storageClass.MountOptions,
                PersistentVolumeReclaimPolicy = storageClass.ReclaimPolicy ?? "Delete",
                StorageClassName = storageClass.Metadata.Name,
                VolumeMode = claim.Spec.VolumeMode ?? "Filesystem",
            },
            Status = new V1PersistentVolumeStatus { Phase = "Pending" },
        };
    }
}
