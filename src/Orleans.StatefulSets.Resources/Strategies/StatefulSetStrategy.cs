using k8s.Models;
using Orleans.StatefulSets.Resources.Defaulting;
using Orleans.StatefulSets.Resources.Validation;
using Orleans.StatefulSets.Resources.Writing;

namespace Orleans.StatefulSets.Resources.Strategies;

/// <summary>pkg/registry/apps/statefulset/strategy.go.</summary>
internal sealed class StatefulSetStrategy : ObjectStrategy<V1StatefulSet>
{
    protected override V1StatefulSet Created(V1StatefulSet model, IClusterView cluster, DateTime now) => model with
    {
        Metadata = model.Metadata with { Generation = 1 },
        Spec = StatefulSetDefaults.Fill(model.Spec ?? new V1StatefulSetSpec()),
        Status = new V1StatefulSetStatus { Replicas = 0, AvailableReplicas = 0 },
    };

    protected override V1StatefulSet Updated(V1StatefulSet next, V1StatefulSet current, string subresource, IClusterView cluster, DateTime now)
    {
        if (subresource == "status")
        {
            return next with { Metadata = KeptMetadata(next.Metadata, current.Metadata), Spec = current.Spec };
        }

        var spec = StatefulSetDefaults.Fill(next.Spec ?? new V1StatefulSetSpec());
        return next with
        {
            Metadata = Generation(next.Metadata, current.Metadata, !SemanticEquality.Same(spec, current.Spec)),
            Spec = spec,
            Status = current.Status,
        };
    }

    protected override void Check(V1StatefulSet model, FieldErrors errors)
    {
        ObjectMetaRules.Check(model.Metadata, NameRules.Label, errors);
        StatefulSetRules.Check(model.Spec, errors);
    }

    protected override void CheckUpdate(V1StatefulSet next, V1StatefulSet current, string subresource, FieldErrors errors)
    {
        if (subresource == "status")
        {
            StatefulSetRules.CheckStatus(next.Status, current.Status, errors);
            return;
        }

        StatefulSetRules.CheckUpdate(next.Spec, current.Spec, errors);
    }

    protected override IReadOnlyList<string> Warn(V1StatefulSet model) => PodWarnings.OfSet(model);
}
