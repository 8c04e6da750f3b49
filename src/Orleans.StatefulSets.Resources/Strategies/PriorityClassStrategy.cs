using k8s.Models;
using Orleans.StatefulSets.Resources.Defaulting;
using Orleans.StatefulSets.Resources.Validation;
using Orleans.StatefulSets.Resources.Writing;

namespace Orleans.StatefulSets.Resources.Strategies;

/// <summary>pkg/registry/scheduling/priorityclass/strategy.go, with the part of the admission plug-in Priority that guards classes.</summary>
internal sealed class PriorityClassStrategy : ObjectStrategy<V1PriorityClass>
{
    protected override V1PriorityClass Created(V1PriorityClass model, IClusterView cluster, DateTime now)
    {
        PriorityAdmission.CheckDefault(model, cluster);
        return Fill(model) with { Metadata = model.Metadata with { Generation = 1 } };
    }

    protected override V1PriorityClass Updated(V1PriorityClass next, V1PriorityClass current, string subresource, IClusterView cluster, DateTime now)
    {
        PriorityAdmission.CheckDefault(next, cluster);
        return Fill(next);
    }

    protected override void Check(V1PriorityClass model, FieldErrors errors)
    {
        ObjectMetaRules.Check(model.Metadata, NameRules.Subdomain, errors);
        PriorityClassRules.Check(model, errors);
    }

    protected override void CheckUpdate(V1PriorityClass next, V1PriorityClass current, string subresource, FieldErrors errors) =>
        PriorityClassRules.CheckUpdate(next, current, errors);

    private static V1PriorityClass Fill(V1PriorityClass model) =>
        model.PreemptionPolicy is not null ? model : model with { PreemptionPolicy = "PreemptLowerPriority" };
}
