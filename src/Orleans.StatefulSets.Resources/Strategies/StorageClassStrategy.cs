using k8s.Models;
using Orleans.StatefulSets.Resources.Validation;
using Orleans.StatefulSets.Resources.Writing;

namespace Orleans.StatefulSets.Resources.Strategies;

/// <summary>pkg/registry/storage/storageclass/strategy.go.</summary>
internal sealed class StorageClassStrategy : ObjectStrategy<V1StorageClass>
{
    protected override V1StorageClass Created(V1StorageClass model, IClusterView cluster, DateTime now) => Fill(model);

    protected override V1StorageClass Updated(V1StorageClass next, V1StorageClass current, string subresource, IClusterView cluster, DateTime now) => Fill(next);

    protected override void Check(V1StorageClass model, FieldErrors errors)
    {
        ObjectMetaRules.Check(model.Metadata, NameRules.Subdomain, errors);
        StorageClassRules.Check(model, errors);
    }

    protected override void CheckUpdate(V1StorageClass next, V1StorageClass current, string subresource, FieldErrors errors) =>
        StorageClassRules.CheckUpdate(next, current, errors);

    private static V1StorageClass Fill(V1StorageClass model) => model.ReclaimPolicy is not null && model.VolumeBindingMode is not null
        ? model
        : model with { ReclaimPolicy = model.ReclaimPolicy ?? "Delete", VolumeBindingMode = model.VolumeBindingMode ?? "Immediate" };
}
