using k8s.Models;
using Orleans.StatefulSets.Resources.Defaulting;
using Orleans.StatefulSets.Resources.Validation;
using Orleans.StatefulSets.Resources.Writing;

namespace Orleans.StatefulSets.Resources.Strategies;

/// <summary>pkg/registry/policy/poddisruptionbudget/strategy.go.</summary>
internal sealed class DisruptionBudgetStrategy : ObjectStrategy<V1PodDisruptionBudget>
{
    protected override V1PodDisruptionBudget Created(V1PodDisruptionBudget model, IClusterView cluster, DateTime now) => model with
    {
        Metadata = model.Metadata with { Generation = 1 },
        Spec = model.Spec ?? new V1PodDisruptionBudgetSpec(),
        // The counts are required in the schema: clients refuse a status without them.
        Status = new V1PodDisruptionBudgetStatus { DisruptionsAllowed = 0, CurrentHealthy = 0, DesiredHealthy = 0, ExpectedPods = 0 },
    };

    protected override V1PodDisruptionBudget Updated(V1PodDisruptionBudget next, V1PodDisruptionBudget current, string subresource, IClusterView cluster, DateTime now)
    {
        if (subresource == "status")
        {
            return next with { Metadata = KeptMetadata(next.Metadata, current.Metadata), Spec = current.Spec };
        }

        var spec = next.Spec ?? new V1PodDisruptionBudgetSpec();
        return next with
        {
            Metadata = Generation(next.Metadata, current.Metadata, !SemanticEquality.Same(spec, current.Spec)),
            Spec = spec,
            Status = current.Status,
        };
    }

    protected override void Check(V1PodDisruptionBudget model, FieldErrors errors)
    {
        ObjectMetaRules.Check(model.Metadata, NameRules.Subdomain, errors);
        DisruptionBudgetRules.Check(model.Spec, errors);
    }

    protected override void CheckUpdate(V1PodDisruptionBudget next, V1PodDisruptionBudget current, string subresource, FieldErrors errors)
    {
        if (subresource == "status")
        {
            DisruptionBudgetRules.CheckStatus(next.Status, errors);
            return;
        }

        DisruptionBudgetRules.Check(next.Spec, errors);
    }
}
