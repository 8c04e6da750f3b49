using k8s.Models;
using Orleans.StatefulSets.Resources.Decoding;
using Orleans.StatefulSets.Resources.Errors;
using Orleans.StatefulSets.Resources.Kinds;
using Orleans.StatefulSets.Resources.Objects;

namespace Orleans.StatefulSets.Resources.Writing;

/// <summary>POST of a Binding: the pod gets its node and PodScheduled=True in one write (registry/core/pod/storage's BindingREST).</summary>
internal static class PodBinding
{
    private static readonly ResourceKind BindingKind = new()
    {
        Group = "",
        Version = "v1",
        Kind = "Binding",
        Plural = "bindings",
        Singular = "binding",
        Namespaced = true,
        ModelType = typeof(V1Binding),
    };

    /// <exception cref="ApiException">400, 422: a bad Binding. 409: the pod has a node, is going, or is another one.</exception>
    public static WriteDecision Decide(WriteRequest request, StoredObject current, DateTime now)
    {
        var decoded = ObjectDecoder.Decode(DecodeTarget.Binding, request.Body, request.FieldValidation);
        var binding = (V1Binding)decoded.Model;
        ObjectNames.WithNamespace(binding.Metadata, request.Key);
        if (!string.IsNullOrEmpty(binding.Metadata.Name) && binding.Metadata.Name != request.Key.Name)
        {
            throw ApiErrors.BadRequest("name in URL does not match name in Binding object");
        }

        CheckTarget(binding, request.Key.Name);
        var pod = (V1Pod)ModelCopies.WithoutVersion(current.Model);
        if (binding.Metadata.Uid is { Length: > 0 } uid && uid != current.Uid)
        {
            throw Conflict(pod, $"Precondition failed: UID in precondition: {uid}, UID in object meta: {current.Uid}");
        }

        UpdatedMetadata.CheckVersion(current.Kind, pod.Metadata.Name, binding.Metadata.ResourceVersion, current.ResourceVersion);
        if (WhyNot(pod) is { } why)
        {
            throw Conflict(pod, why);
        }

        return new WriteDecision { Outcome = WriteOutcome.Updated, Model = Bound(pod, binding, now), Warnings = decoded.Warnings };
    }

    private static string? WhyNot(V1Pod pod) => pod switch
    {
        { Metadata.DeletionTimestamp: not null } => $"pod {pod.Metadata.Name} is being deleted, cannot be assigned to a host",
        { Spec.NodeName.Length: > 0 } => $"pod {pod.Metadata.Name} is already assigned to node \"{pod.Spec.NodeName}\"",
        { Spec.SchedulingGates.Count: > 0 } => $"pod {pod.Metadata.Name} has non-empty .spec.schedulingGates",
        _ => null,
    };

    private static V1Pod Bound(V1Pod pod, V1Binding binding, DateTime now)
    {
        var annotations = pod.Metadata.Annotations;
        if (binding.Metadata.Annotations is { Count: > 0 } added)
        {
            annotations = annotations is null ? new Dictionary<string, string>() : new Dictionary<string, string>(annotations);
            foreach (var (key, value) in added)
            {
                annotations[key] = value;
            }
        }

        var status = pod.Status ?? new V1PodStatus();
        return pod with
        {
            Metadata = pod.Metadata with { Annotations = annotations },
            Spec = pod.Spec with { NodeName = binding.Target.Name },
            Status = status with { Conditions = Scheduled(status.Conditions ?? [], now) },
        };
    }

    private static IList<V1PodCondition> Scheduled(IList<V1PodCondition> conditions, DateTime now)
    {
        var scheduled = new V1PodCondition { Type = "PodScheduled", Status = "True", LastTransitionTime = now };
        return conditions.Any(condition => condition.Type == scheduled.Type)
            ? [.. conditions.Select(condition => condition.Type == scheduled.Type ? scheduled : condition)]
            : [.. conditions, scheduled];
    }

    private static void CheckTarget(V1Binding binding, string name)
    {
        var errors = new List<FieldError>();
        if (binding.Target?.Kind is { Length: > 0 } kind and not "Node")
        {
            errors.Add(new FieldError("FieldValueNotSupported", "target.kind", $"Unsupported value: \"{kind}\": supported values: \"Node\", \"<empty>\""));
        }

        if (string.IsNullOrEmpty(binding.Target?.Name))
        {
            errors.Add(new FieldError("FieldValueRequired", "target.name", "Required value"));
        }

        if (errors.Count > 0)
        {
            throw ApiErrors.Invalid(BindingKind, name, errors);
        }
    }

    private static ApiException Conflict(V1Pod pod, string why) =>
        ApiErrors.Conflict(ResourceKinds.Pods with { Plural = "pods/binding" }, pod.Metadata.Name, why);
}
