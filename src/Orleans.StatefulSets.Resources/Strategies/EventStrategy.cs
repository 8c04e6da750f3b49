using k8s.Models;
using Orleans.StatefulSets.Resources.Validation;
using Orleans.StatefulSets.Resources.Writing;

namespace Orleans.StatefulSets.Resources.Strategies;

/// <summary>pkg/registry/core/event/strategy.go.</summary>
internal sealed class EventStrategy : ObjectStrategy<Corev1Event>
{
    protected override Corev1Event Created(Corev1Event model, IClusterView cluster, DateTime now) => Fill(model);

    protected override Corev1Event Updated(Corev1Event next, Corev1Event current, string subresource, IClusterView cluster, DateTime now) => Fill(next);

    protected override void Check(Corev1Event model, FieldErrors errors)
    {
        ObjectMetaRules.Check(model.Metadata, NameRules.Subdomain, errors);
        EventRules.Check(model, errors);
    }

    protected override void CheckUpdate(Corev1Event next, Corev1Event current, string subresource, FieldErrors errors) =>
        EventRules.Check(next, errors);

    // Source and the reporting names are structs and plain texts in Go, written even when they are empty.
    private static Corev1Event Fill(Corev1Event model) => model.Source is not null && model.ReportingComponent is not null && model.ReportingInstance is not null
        ? model
        : model with
        {
            Source = model.Source ?? new V1EventSource(),
            ReportingComponent = model.ReportingComponent ?? "",
            ReportingInstance = model.ReportingInstance ?? "",
        };
}
