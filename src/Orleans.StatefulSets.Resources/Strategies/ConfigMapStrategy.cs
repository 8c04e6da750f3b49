using k8s.Models;
using Orleans.StatefulSets.Resources.Validation;
using Orleans.StatefulSets.Resources.Writing;

namespace Orleans.StatefulSets.Resources.Strategies;

/// <summary>pkg/registry/core/configmap/strategy.go.</summary>
internal sealed class ConfigMapStrategy : ObjectStrategy<V1ConfigMap>
{
    protected override V1ConfigMap Created(V1ConfigMap model, IClusterView cluster, DateTime now) => model;

    protected override V1ConfigMap Updated(V1ConfigMap next, V1ConfigMap current, string subresource, IClusterView cluster, DateTime now) => next;

    protected override void Check(V1ConfigMap model, FieldErrors errors)
    {
        ObjectMetaRules.Check(model.Metadata, NameRules.Subdomain, errors);
        ConfigMapRules.Check(model, errors);
    }

    protected override void CheckUpdate(V1ConfigMap next, V1ConfigMap current, string subresource, FieldErrors errors)
    {
        ConfigMapRules.CheckUpdate(next, current, errors);
        ConfigMapRules.Check(next, errors);
    }
}
