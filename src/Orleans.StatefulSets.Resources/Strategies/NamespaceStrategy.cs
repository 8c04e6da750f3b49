using k8s.Models;
using Orleans.StatefulSets.Resources.Validation;
using Orleans.StatefulSets.Resources.Writing;

namespace Orleans.StatefulSets.Resources.Strategies;

/// <summary>pkg/registry/core/namespace/strategy.go; the label comes from SetDefaults_Namespace.</summary>
internal sealed class NamespaceStrategy : ObjectStrategy<V1Namespace>
{
    private const string NameLabel = "kubernetes.io/metadata.name";
    private const string Finalizer = "kubernetes";

    protected override V1Namespace Created(V1Namespace model, IClusterView cluster, DateTime now) => Labelled(model) with
    {
        Spec = new V1NamespaceSpec { Finalizers = WithKubernetes(model.Spec?.Finalizers) },
        Status = new V1NamespaceStatus { Phase = "Active" },
    };

    protected override V1Namespace Updated(V1Namespace next, V1Namespace current, string subresource, IClusterView cluster, DateTime now) => subresource switch
    {
        "status" => next with { Metadata = KeptMetadata(next.Metadata, current.Metadata), Spec = current.Spec },
        "finalize" => next with { Metadata = KeptMetadata(next.Metadata, current.Metadata), Status = current.Status },
        _ => Labelled(next) with { Spec = current.Spec, Status = current.Status },
    };

    protected override void Check(V1Namespace model, FieldErrors errors)
    {
        ObjectMetaRules.Check(model.Metadata, NameRules.Label, errors);
        CheckFinalizers(model, errors);
    }

    protected override void CheckUpdate(V1Namespace next, V1Namespace current, string subresource, FieldErrors errors)
    {
        if (subresource == "finalize")
        {
            CheckFinalizers(next, errors);
        }
        else if (subresource == "status")
        {
            CheckPhase(next, errors);
        }
    }

    private static void CheckFinalizers(V1Namespace model, FieldErrors errors)
    {
        for (var index = 0; index < model.Spec?.Finalizers?.Count; index++)
        {
            foreach (var problem in NameRules.QualifiedName(model.Spec.Finalizers[index]))
            {
                errors.Invalid("spec.finalizers", model.Spec.Finalizers[index], problem);
            }

            ObjectMetaRules.CheckKubernetesFinalizer(model.Spec.Finalizers[index], "spec.finalizers", errors);
        }
    }

    private static void CheckPhase(V1Namespace next, FieldErrors errors)
    {
        var phase = next.Status?.Phase;
        if (next.Metadata.DeletionTimestamp is null && phase != "Active")
        {
            errors.Invalid("status.Phase", phase ?? "", "may only be 'Active' if `deletionTimestamp` is empty");
        }
        else if (next.Metadata.DeletionTimestamp is not null && phase != "Terminating")
        {
            errors.Invalid("status.Phase", phase ?? "", "may only be 'Terminating' if `deletionTimestamp` is not empty");
        }
    }

    private static V1Namespace Labelled(V1Namespace model)
    {
        var name = model.Metadata.Name;
        if (string.IsNullOrEmpty(name) || (model.Metadata.Labels?.TryGetValue(NameLabel, out var label) == true && label == name))
        {
            return model;
        }

        var labels = model.Metadata.Labels is null ? new Dictionary<string, string>() : new Dictionary<string, string>(model.Metadata.Labels);
        labels[NameLabel] = name;
        return model with { Metadata = model.Metadata with { Labels = labels } };
    }

    private static IList<string> WithKubernetes(IList<string>? finalizers) =>
        finalizers is null ? [Finalizer] : finalizers.Contains(Finalizer) ? finalizers : [.. finalizers, Finalizer];
}
