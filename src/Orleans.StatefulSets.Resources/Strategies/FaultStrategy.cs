using k8s.Models;
using Orleans.StatefulSets.Resources.Defaulting;
using Orleans.StatefulSets.Resources.Faults;
using Orleans.StatefulSets.Resources.Validation;
using Orleans.StatefulSets.Resources.Writing;

namespace Orleans.StatefulSets.Resources.Strategies;

/// <summary>Faults: a spec that stays as it was made, and a status that follows it.</summary>
internal sealed class FaultStrategy : ObjectStrategy<V1alpha1Fault>
{
    private const int InternalServerError = 500;

    protected override V1alpha1Fault Created(V1alpha1Fault model, IClusterView cluster, DateTime now)
    {
        var spec = Defaulted(model.Spec);
        return model with
        {
            Metadata = Held(model.Metadata, spec) with { Generation = 1 },
            Spec = spec,
            Status = new V1alpha1FaultStatus { Phase = FaultPhases.Pending },
        };
    }

    protected override V1alpha1Fault Updated(V1alpha1Fault next, V1alpha1Fault current, string subresource, IClusterView cluster, DateTime now)
    {
        if (subresource == "status")
        {
            return next with { Metadata = KeptMetadata(next.Metadata, current.Metadata), Spec = current.Spec };
        }

        var spec = Defaulted(next.Spec);
        return next with
        {
            Metadata = Generation(next.Metadata, current.Metadata, !SemanticEquality.Same(spec, current.Spec)),
            Spec = spec,
            Status = current.Status,
        };
    }

    protected override void Check(V1alpha1Fault model, FieldErrors errors)
    {
        ObjectMetaRules.Check(model.Metadata, NameRules.Subdomain, errors);
        FaultRules.Check(model.Spec, errors);
    }

    protected override void CheckUpdate(V1alpha1Fault next, V1alpha1Fault current, string subresource, FieldErrors errors)
    {
        if (subresource == "status")
        {
            errors.NonNegative("status.injections", next.Status?.Injections);
            errors.NonNegative("status.rounds", next.Status?.Rounds);
            return;
        }

        FaultRules.CheckUpdate(next.Spec, current.Spec, errors);
    }

    private static V1alpha1FaultSpec Defaulted(V1alpha1FaultSpec? given)
    {
        var spec = given ?? new V1alpha1FaultSpec();
        return spec with
        {
            Percent = spec.Percent ?? 100,
            StatusCode = spec.StatusCode ?? (spec.Action == FaultActions.APIError ? InternalServerError : null),
        };
    }

    // What is done to nodes is undone before the Fault goes, whoever is there to do it then.
    private static V1ObjectMeta Held(V1ObjectMeta metadata, V1alpha1FaultSpec spec) =>
        !FaultActions.HitsNodes(spec.Action) || metadata.Finalizers?.Contains(FaultFinalizer.Name) == true
            ? metadata
            : metadata with { Finalizers = [.. metadata.Finalizers ?? [], FaultFinalizer.Name] };
}
