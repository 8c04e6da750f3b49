using k8s.Models;
using Orleans.StatefulSets.Resources.Defaulting;

namespace Orleans.StatefulSets.Resources.Validation;

/// <summary>ValidatePersistentVolumeSpec and its update (pkg/apis/core/validation/validation.go).</summary>
internal static class VolumeRules
{
    private const string SourceImmutable = "spec.persistentvolumesource is immutable after creation";

    public static void Check(V1PersistentVolumeSpec spec, FieldErrors errors)
    {
        if (spec.AccessModes is not { Count: > 0 })
        {
            errors.Required("spec.accessModes");
        }

        VolumeModeRules.CheckAccessModes(spec.AccessModes, "spec.accessModes", errors);
        CheckCapacity(spec, errors);
        errors.OneOf("spec.persistentVolumeReclaimPolicy", spec.PersistentVolumeReclaimPolicy, "Delete", "Recycle", "Retain");
        CheckSources(spec, errors);
        if (spec.HostPath is { Path: "/" } && spec.PersistentVolumeReclaimPolicy == "Recycle")
        {
            errors.Forbidden("spec.persistentVolumeReclaimPolicy", "may not be 'recycle' for a hostPath mount of '/'");
        }

        foreach (var problem in string.IsNullOrEmpty(spec.StorageClassName) ? [] : NameRules.Subdomain(spec.StorageClassName))
        {
            errors.Invalid("spec.storageClassName", spec.StorageClassName, problem);
        }

        errors.OneOf("spec.volumeMode", spec.VolumeMode, "Block", "Filesystem");
    }

    public static void CheckUpdate(V1PersistentVolumeSpec next, V1PersistentVolumeSpec current, FieldErrors errors)
    {
        if (!SemanticEquality.Same(SourceOf(next), SourceOf(current)))
        {
            errors.Forbidden("spec.persistentvolumesource", SourceImmutable);
        }

        ObjectMetaRules.CheckImmutable("spec.volumeMode", next.VolumeMode, current.VolumeMode, errors);
        if (current.NodeAffinity is not null)
        {
            ObjectMetaRules.CheckImmutable("spec.nodeAffinity", next.NodeAffinity, current.NodeAffinity, errors);
        }
    }

    private static void CheckCapacity(V1PersistentVolumeSpec spec, FieldErrors errors)
    {
        if (spec.Capacity is not { Count: > 0 })
        {
            errors.Required("spec.capacity");
            return;
        }

        if (!spec.Capacity.TryGetValue("storage", out var storage) || spec.Capacity.Count > 1)
        {
            foreach (var name in spec.Capacity.Keys.Where(name => name != "storage"))
            {
                errors.NotSupported("spec.capacity", name, "storage");
            }
        }

        if (storage is not null)
        {
            VolumeModeRules.CheckPositive(storage, "spec.capacity[storage]", errors);
        }
    }

    private static void CheckSources(V1PersistentVolumeSpec spec, FieldErrors errors)
    {
        var sources = Sources(spec).Count(source => source is not null);
        if (sources == 0)
        {
            errors.Required("spec", "must specify a volume type");
        }
        else if (sources > 1)
        {
            errors.Forbidden("spec", "may not specify more than 1 volume type");
        }

        if (spec.HostPath is { Path: null or "" })
        {
            errors.Required("spec.hostPath.path");
        }

        if (spec.Local is { Path: null or "" })
        {
            errors.Required("spec.local.path");
        }

        if (spec.Local is not null && spec.NodeAffinity is null)
        {
            errors.Required("spec.nodeAffinity", "Local volume requires node affinity");
        }

        if (spec.Nfs is { Server: null or "" })
        {
            errors.Required("spec.nfs.server");
        }

        if (spec.Csi is { Driver: null or "" })
        {
            errors.Required("spec.csi.driver");
        }

        if (spec.Csi is { VolumeHandle: null or "" })
        {
            errors.Required("spec.csi.volumeHandle");
        }
    }

    private static object?[] Sources(V1PersistentVolumeSpec spec) =>
    [
        spec.AwsElasticBlockStore, spec.AzureDisk, spec.AzureFile, spec.Cephfs, spec.Cinder, spec.Csi, spec.Fc, spec.FlexVolume, spec.Flocker,
        spec.GcePersistentDisk, spec.Glusterfs, spec.HostPath, spec.Iscsi, spec.Local, spec.Nfs, spec.PhotonPersistentDisk, spec.PortworxVolume,
        spec.Quobyte, spec.Rbd, spec.ScaleIO, spec.Storageos, spec.VsphereVolume,
    ];

    // The spec with all that is not the source taken off.
    private static V1PersistentVolumeSpec SourceOf(V1PersistentVolumeSpec spec) => spec with
    {
        AccessModes = null,
        Capacity = null,
        ClaimRef = null,
        MountOptions = null,
        NodeAffinity = null,
        PersistentVolumeReclaimPolicy = null,
        StorageClassName = null,
        VolumeAttributesClassName = null,
        VolumeMode = null,
    };
}
