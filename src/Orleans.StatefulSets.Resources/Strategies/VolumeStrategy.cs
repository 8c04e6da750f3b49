using k8s.Models;
using Orleans.StatefulSets.Resources.Defaulting;
using Orleans.StatefulSets.Resources.Validation;
using Orleans.StatefulSets.Resources.Writing;

namespace Orleans.StatefulSets.Resources.Strategies;

/// <summary>pkg/registry/core/persistentvolume/strategy.go, with StorageObjectInUseProtection.</summary>
internal sealed class VolumeStrategy : ObjectStrategy<V1PersistentVolume>
{
    protected override V1PersistentVolume Created(V1PersistentVolume model, IClusterView cluster, DateTime now) => model with
    {
        Metadata = model.Metadata with { Finalizers = SharedLists.Including(model.Metadata.Finalizers, ClaimDefaults.VolumeProtection) },
        Spec = Fill(model.Spec ?? new V1PersistentVolumeSpec()),
        Status = new V1PersistentVolumeStatus { Phase = "Pending", LastPhaseTransitionTime = now },
    };

    protected override V1PersistentVolume Updated(V1PersistentVolume next, V1PersistentVolume current, string subresource, IClusterView cluster, DateTime now)
    {
        if (subresource != "status")
        {
            return next with { Spec = Fill(next.Spec ?? new V1PersistentVolumeSpec()), Status = current.Status };
        }

        var status = next.Status ?? new V1PersistentVolumeStatus();
        var phaseChanged = status.Phase != current.Status?.Phase;
        var timeWasLeft = status.LastPhaseTransitionTime is null || status.LastPhaseTransitionTime == current.Status?.LastPhaseTransitionTime;
        return next with
        {
            Metadata = KeptMetadata(next.Metadata, current.Metadata),
            Spec = current.Spec,
            Status = timeWasLeft
                ? status with { LastPhaseTransitionTime = phaseChanged ? now : current.Status?.LastPhaseTransitionTime }
                : status,
        };
    }

    protected override void Check(V1PersistentVolume model, FieldErrors errors)
    {
        ObjectMetaRules.Check(model.Metadata, NameRules.Subdomain, errors);
        VolumeRules.Check(model.Spec, errors);
    }

    protected override void CheckUpdate(V1PersistentVolume next, V1PersistentVolume current, string subresource, FieldErrors errors)
    {
        if (subresource.Length == 0)
        {
            VolumeRules.Check(next.Spec, errors);
            VolumeRules.CheckUpdate(next.Spec, current.Spec, errors);
        }
    }

    private static V1PersistentVolumeSpec Fill(V1PersistentVolumeSpec spec)
    {
        var hostPath = spec.HostPath is { Type: null } source ? source with { Type = "" } : spec.HostPath;
        var complete = !string.IsNullOrEmpty(spec.PersistentVolumeReclaimPolicy) && spec.VolumeMode is not null && ReferenceEquals(hostPath, spec.HostPath);
        return complete ? spec : spec with
        {
            PersistentVolumeReclaimPolicy = string.IsNullOrEmpty(spec.PersistentVolumeReclaimPolicy) ? "Retain" : spec.PersistentVolumeReclaimPolicy,
            VolumeMode = spec.VolumeMode ?? "Filesystem",
            HostPath = hostPath,
        };
    }
}
