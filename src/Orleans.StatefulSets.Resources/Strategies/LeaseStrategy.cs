using k8s.Models;
using Orleans.StatefulSets.Resources.Validation;
using Orleans.StatefulSets.Resources.Writing;

namespace Orleans.StatefulSets.Resources.Strategies;

/// <summary>pkg/registry/coordination/lease/strategy.go and ValidateLeaseSpec.</summary>
internal sealed class LeaseStrategy : ObjectStrategy<V1Lease>
{
    protected override V1Lease Created(V1Lease model, IClusterView cluster, DateTime now) => Fill(model);

    protected override V1Lease Updated(V1Lease next, V1Lease current, string subresource, IClusterView cluster, DateTime now) => Fill(next);

    protected override void Check(V1Lease model, FieldErrors errors)
    {
        ObjectMetaRules.Check(model.Metadata, NameRules.Subdomain, errors);
        CheckSpec(model.Spec, errors);
    }

    protected override void CheckUpdate(V1Lease next, V1Lease current, string subresource, FieldErrors errors) => CheckSpec(next.Spec, errors);

    private static V1Lease Fill(V1Lease model) => model.Spec is not null ? model : model with { Spec = new V1LeaseSpec() };

    private static void CheckSpec(V1LeaseSpec spec, FieldErrors errors)
    {
        if (spec.LeaseDurationSeconds is { } seconds and <= 0)
        {
            errors.Invalid("spec.leaseDurationSeconds", seconds, "must be greater than 0");
        }

        if (spec.LeaseTransitions is { } transitions and < 0)
        {
            errors.Invalid("spec.leaseTransitions", transitions, "must be greater than or equal to 0");
        }
    }
}
