using System.Globalization;
using k8s.Models;
using Orleans.StatefulSets.Resources.Decoding;
using Orleans.StatefulSets.Resources.Errors;
using Orleans.StatefulSets.Resources.Kinds;
using Orleans.StatefulSets.Resources.Objects;
using Orleans.StatefulSets.Resources.Selectors;

namespace Orleans.StatefulSets.Resources.Writing;

/// <summary>The scale of a StatefulSet as a client reads and writes it (registry/apps/statefulset/storage's ScaleREST).</summary>
internal static class ScaleWrites
{
    private static readonly ResourceKind ScaleKind = new()
    {
        Group = "autoscaling",
        Version = "v1",
        Kind = "Scale",
        Plural = "scales",
        Singular = "scale",
        Namespaced = true,
        ModelType = typeof(V1Scale),
    };

    public static V1Scale Of(V1StatefulSet set) => new()
    {
        ApiVersion = "autoscaling/v1",
        Kind = "Scale",
        Metadata = new V1ObjectMeta
        {
            Name = set.Metadata.Name,
            NamespaceProperty = set.Metadata.NamespaceProperty,
            Uid = set.Metadata.Uid,
            ResourceVersion = set.Metadata.ResourceVersion,
            CreationTimestamp = set.Metadata.CreationTimestamp,
        },
        Spec = new V1ScaleSpec { Replicas = set.Spec?.Replicas ?? 0 },
        Status = new V1ScaleStatus { Replicas = set.Status?.Replicas ?? 0, Selector = SelectorText.Of(set.Spec?.Selector) },
    };

    /// <summary>The set with the replicas that a PUT or PATCH of its scale asks for; its resourceVersion is the condition.</summary>
    public static (object Model, IReadOnlyList<string> Warnings) Next(WriteRequest request, StoredObject current)
    {
        var set = current.As<V1StatefulSet>();
        var decoded = request.Verb == WriteVerb.Patch
            ? PatchedBody.Decode(DecodeTarget.Scale, request, ObjectJson.Encode(Of(set)))
            : ObjectDecoder.Decode(DecodeTarget.Scale, request.Body, request.FieldValidation);
        var scale = (V1Scale)decoded.Model;
        ObjectNames.WithNamespace(scale.Metadata, request.Key);
        ObjectNames.Check(scale.Metadata, request.Key);
        var replicas = scale.Spec?.Replicas ?? 0;
        if (replicas < 0)
        {
            throw ApiErrors.Invalid(ScaleKind, request.Key.Name,
            [
                new FieldError("FieldValueInvalid", "spec.replicas", string.Create(CultureInfo.InvariantCulture, $"Invalid value: {replicas}: must be greater than or equal to 0")),
            ]);
        }

        if (scale.Metadata.Uid is { Length: > 0 } uid && uid != current.Uid)
        {
            throw ApiErrors.Conflict(current.Kind with { Plural = "statefulsets/scale" }, request.Key.Name, $"Precondition failed: UID in precondition: {uid}, UID in object meta: {current.Uid}");
        }

        return (set with
        {
            Metadata = set.Metadata with { ResourceVersion = scale.Metadata.ResourceVersion },
            Spec = set.Spec with { Replicas = replicas },
        }, decoded.Warnings);
    }
}
