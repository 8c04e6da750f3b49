using k8s.Models;
using Orleans.StatefulSets.Resources.Validation;
using Orleans.StatefulSets.Resources.Writing;

namespace Orleans.StatefulSets.Resources.Strategies;

/// <summary>pkg/registry/core/serviceaccount/strategy.go: nothing but metadata is checked.</summary>
internal sealed class ServiceAccountStrategy : ObjectStrategy<V1ServiceAccount>
{
    protected override V1ServiceAccount Created(V1ServiceAccount model, IClusterView cluster, DateTime now) => model;

    protected override V1ServiceAccount Updated(V1ServiceAccount next, V1ServiceAccount current, string subresource, IClusterView cluster, DateTime now) => next;

    protected override void Check(V1ServiceAccount model, FieldErrors errors) => ObjectMetaRules.Check(model.Metadata, NameRules.Subdomain, errors);

    protected override void CheckUpdate(V1ServiceAccount next, V1ServiceAccount current, string subresource, FieldErrors errors)
    {
    }
}
