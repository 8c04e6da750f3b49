using k8s.Models;
using Orleans.StatefulSets.Resources.Defaulting;
using Orleans.StatefulSets.Resources.Validation;
using Orleans.StatefulSets.Resources.Writing;

namespace Orleans.StatefulSets.Resources.Strategies;

/// <summary>pkg/registry/core/persistentvolumeclaim/strategy.go, with DefaultStorageClass and StorageObjectInUseProtection.</summary>
internal sealed class ClaimStrategy : ObjectStrategy<V1PersistentVolumeClaim>
{
    protected override V1PersistentVolumeClaim Created(V1PersistentVolumeClaim model, IClusterView cluster, DateTime now)
    {
        LimitRangeAdmission.Check(model, LimitRangeAdmission.RangesOf(model.Metadata, cluster));
        return model with
        {
            Metadata = model.Metadata with { Finalizers = SharedLists.Including(model.Metadata.Finalizers, ClaimDefaults.ClaimProtection) },
            Spec = ClaimDefaults.WithClass(model, ClaimDefaults.Fill(model.Spec ?? new V1PersistentVolumeClaimSpec()), cluster),
            Status = new V1PersistentVolumeClaimStatus { Phase = "Pending" },
        };
    }

    protected override V1PersistentVolumeClaim Updated(
        V1PersistentVolumeClaim next,
        V1PersistentVolumeClaim current,
        string subresource,
        IClusterView cluster,
        DateTime now) => subresource == "status"
            ? next with { Metadata = KeptMetadata(next.Metadata, current.Metadata), Spec = current.Spec }
            : next with { Spec = ClaimDefaults.Fill(next.Spec ?? new V1PersistentVolumeClaimSpec()), Status = current.Status };

    protected override void Check(V1PersistentVolumeClaim model, FieldErrors errors)
    {
        ObjectMetaRules.Check(model.Metadata, NameRules.Subdomain, errors);
        ClaimRules.Check(model.Spec, "spec", errors);
    }

    protected override void CheckUpdate(V1PersistentVolumeClaim next, V1PersistentVolumeClaim current, string subresource, FieldErrors errors)
    {
        if (subresource.Length == 0)
        {
            ClaimRules.Check(next.Spec, "spec", errors);
            ClaimRules.CheckUpdate(next, current, errors);
        }
    }
}
