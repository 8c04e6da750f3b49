using k8s.Models;
using Orleans.StatefulSets.Reconciliation.Volumes;

namespace Orleans.StatefulSets.Reconciliation.Tests.Volumes;

/// <summary>Claims, volumes and classes for tests.</summary>
internal static class Storage
{
    public static readonly DateTime Now = new(2026, 1, 1, 12, 0, 0, DateTimeKind.Utc);

    public static V1PersistentVolumeClaim Claim(string size = "1Gi", string? storageClass = "standard", string? volume = null, string? phase = "Pending") => new()
    {
        Metadata = new V1ObjectMeta
        {
            Name = "www-web-0",
            NamespaceProperty = "default",
            Uid = "c1",
            ResourceVersion = "7",
            Finalizers = [VolumeNames.ClaimProtection],
        },
        Spec = new V1PersistentVolumeClaimSpec
        {
            AccessModes = ["ReadWriteOnce"],
            Resources = new V1VolumeResourceRequirements { Requests = new Dictionary<string, ResourceQuantity> { ["storage"] = new(size) } },
            StorageClassName = storageClass,
            VolumeName = volume,
            VolumeMode = "Filesystem",
        },
        Status = phase is null ? null : new V1PersistentVolumeClaimStatus { Phase = phase },
    };

    public static V1PersistentVolumeClaim Completed(this V1PersistentVolumeClaim claim) =>
        claim.With(new Dictionary<string, string> { [VolumeNames.BindCompleted] = "yes" });

    public static V1PersistentVolumeClaim With(this V1PersistentVolumeClaim claim, Dictionary<string, string> annotations) =>
        claim with { Metadata = claim.Metadata with { Annotations = annotations } };

    public static V1PersistentVolumeClaim Deleted(this V1PersistentVolumeClaim claim) =>
        claim with { Metadata = claim.Metadata with { DeletionTimestamp = Now } };

    public static V1PersistentVolume Volume(
        string name = "pv-1", string size = "1Gi", string? storageClass = "standard", string phase = "Available", V1ObjectReference? claimRef = null,
        string reclaim = "Retain") => new()
        {
            Metadata = new V1ObjectMeta { Name = name, Uid = "uid-of-" + name, ResourceVersion = "9", Finalizers = [VolumeNames.VolumeProtection] },
            Spec = new V1PersistentVolumeSpec
            {
                AccessModes = ["ReadWriteOnce"],
                Capacity = new Dictionary<string, ResourceQuantity> { ["storage"] = new(size) },
                StorageClassName = storageClass,
                PersistentVolumeReclaimPolicy = reclaim,
                ClaimRef = claimRef,
                VolumeMode = "Filesystem",
            },
            Status = new V1PersistentVolumeStatus { Phase = phase },
        };

    public static V1PersistentVolume With(this V1PersistentVolume volume, params string[] annotations) =>
        volume with { Metadata = volume.Metadata with { Annotations = annotations.ToDictionary(name => name, _ => "yes") } };

    public static V1PersistentVolume Deleted(this V1PersistentVolume volume) =>
        volume with { Metadata = volume.Metadata with { DeletionTimestamp = Now } };

    public static V1ObjectReference Ref(string? uid = "c1", string name = "www-web-0") =>
        new() { Kind = "PersistentVolumeClaim", NamespaceProperty = "default", Name = name, Uid = uid };

    public static V1StorageClass Class(string mode = "Immediate", string provisioner = StorageClasses.Provisioner) =>
        StorageClasses.Standard(Now) with { VolumeBindingMode = mode, Provisioner = provisioner };

    public static ClaimSituation Situation(V1PersistentVolumeClaim claim, V1StorageClass? storageClass = null, params V1PersistentVolume[] available) =>
        new() { Claim = claim, Class = storageClass, AvailableVolumes = available, Now = Now };

    public static IEnumerable<string> Told(this ClaimPlan plan) => plan.Events.Select(told => $"{told.Type} {told.Reason} {told.Message}");
}
