using k8s.Models;
using Orleans.StatefulSets.Resources.Validation;
using Orleans.StatefulSets.Resources.Writing;

namespace Orleans.StatefulSets.Resources.Strategies;

/// <summary>pkg/registry/core/resourcequota/strategy.go.</summary>
internal sealed class ResourceQuotaStrategy : ObjectStrategy<V1ResourceQuota>
{
    protected override V1ResourceQuota Created(V1ResourceQuota model, IClusterView cluster, DateTime now) =>
        model with { Spec = model.Spec ?? new V1ResourceQuotaSpec(), Status = new V1ResourceQuotaStatus() };

    protected override V1ResourceQuota Updated(V1ResourceQuota next, V1ResourceQuota current, string subresource, IClusterView cluster, DateTime now) =>
        subresource == "status"
            ? next with { Spec = current.Spec, Status = next.Status ?? new V1ResourceQuotaStatus() }
            : next with { Spec = next.Spec ?? new V1ResourceQuotaSpec(), Status = current.Status };

    protected override void Check(V1ResourceQuota model, FieldErrors errors)
    {
        ObjectMetaRules.Check(model.Metadata, NameRules.Subdomain, errors);
        ResourceQuotaRules.Check(model.Spec, errors);
    }

    protected override void CheckUpdate(V1ResourceQuota next, V1ResourceQuota current, string subresource, FieldErrors errors)
    {
        if (subresource == "status")
        {
            ResourceQuotaRules.CheckStatus(next.Status, errors);
            return;
        }

        ResourceQuotaRules.Check(next.Spec, errors);
        ResourceQuotaRules.CheckScopesStay(next.Spec, current.Spec, errors);
    }
}
