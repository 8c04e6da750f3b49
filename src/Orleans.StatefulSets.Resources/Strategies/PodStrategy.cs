using k8s.Models;
using Orleans.StatefulSets.Resources.Defaulting;
using Orleans.StatefulSets.Resources.Validation;
using Orleans.StatefulSets.Resources.Writing;

namespace Orleans.StatefulSets.Resources.Strategies;

/// <summary>pkg/registry/core/pod/strategy.go.</summary>
internal sealed class PodStrategy : ObjectStrategy<V1Pod>
{
    protected override V1Pod Created(V1Pod model, IClusterView cluster, DateTime now)
    {
        var ranges = LimitRangeAdmission.RangesOf(model.Metadata, cluster);
        var limited = LimitRangeAdmission.Fill(model with { Spec = PodSpecDefaults.FillPod(model.Spec ?? new V1PodSpec()) }, ranges);
        var spec = PodAdmission.Admit(limited, limited.Spec, cluster);
        LimitRangeAdmission.Check(limited with { Spec = spec }, ranges);
        return limited with
        {
            Metadata = limited.Metadata with { Generation = 1 },
            Spec = spec,
            Status = new V1PodStatus { Phase = "Pending", QosClass = QualityOfService.Of(spec), Conditions = GateConditions(spec) },
        };
    }

    protected override V1Pod Updated(V1Pod next, V1Pod current, string subresource, IClusterView cluster, DateTime now)
    {
        if (subresource == "status")
        {
            var status = next.Status ?? new V1PodStatus();
            return next with
            {
                Metadata = KeptMetadata(next.Metadata, current.Metadata),
                Spec = current.Spec,
                Status = string.IsNullOrEmpty(status.QosClass) ? status with { QosClass = current.Status?.QosClass } : status,
            };
        }

        var spec = PodSpecDefaults.FillPod(next.Spec ?? new V1PodSpec());
        return next with
        {
            Metadata = Generation(next.Metadata, current.Metadata, !SemanticEquality.Same(spec, current.Spec)),
            Spec = spec,
            Status = current.Status,
        };
    }

    protected override void Check(V1Pod model, FieldErrors errors)
    {
        ObjectMetaRules.Check(model.Metadata, NameRules.Subdomain, errors);
        PodSpecRules.Check(model.Spec, "spec", errors);
    }

    protected override void CheckUpdate(V1Pod next, V1Pod current, string subresource, FieldErrors errors)
    {
        if (subresource.Length == 0)
        {
            PodUpdateRules.Check(next.Spec, current.Spec, errors);
        }
    }

    protected override IReadOnlyList<string> Warn(V1Pod model) => PodWarnings.Of(model.Spec, "spec");

    private static IList<V1PodCondition>? GateConditions(V1PodSpec spec) => spec.SchedulingGates is not { Count: > 0 } ? null :
    [
        new V1PodCondition
        {
            Type = "PodScheduled",
            Status = "False",
            Reason = "SchedulingGated",
            Message = "Scheduling is blocked due to non-empty scheduling gates",
        },
    ];
}
