using k8s.Models;
using Orleans.StatefulSets.Resources.Validation;
using Orleans.StatefulSets.Resources.Writing;

namespace Orleans.StatefulSets.Resources.Strategies;

/// <summary>pkg/registry/apps/controllerrevision/strategy.go and ValidateControllerRevision.</summary>
internal sealed class ControllerRevisionStrategy : ObjectStrategy<V1ControllerRevision>
{
    // Revision is written by Go even when it is zero.
    protected override V1ControllerRevision Created(V1ControllerRevision model, IClusterView cluster, DateTime now) => Fill(model);

    protected override V1ControllerRevision Updated(
        V1ControllerRevision next,
        V1ControllerRevision current,
        string subresource,
        IClusterView cluster,
        DateTime now) => Fill(next);

    protected override void Check(V1ControllerRevision model, FieldErrors errors)
    {
        ObjectMetaRules.Check(model.Metadata, NameRules.Subdomain, errors);
        CheckContent(model, errors);
    }

    protected override void CheckUpdate(V1ControllerRevision next, V1ControllerRevision current, string subresource, FieldErrors errors)
    {
        CheckContent(next, errors);
        ObjectMetaRules.CheckImmutable("data", next.Data, current.Data, errors);
    }

    private static void CheckContent(V1ControllerRevision model, FieldErrors errors)
    {
        if (model.Data is null)
        {
            errors.Required("data", "data is mandatory");
        }

        errors.NonNegative("revision", model.Revision);
    }

    private static V1ControllerRevision Fill(V1ControllerRevision model) => model.Revision is null ? model with { Revision = 0 } : model;
}
