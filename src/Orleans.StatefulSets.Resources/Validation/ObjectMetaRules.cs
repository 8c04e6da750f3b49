using System.Text;
using k8s.Models;
using Orleans.StatefulSets.Resources.Defaulting;
using Orleans.StatefulSets.Resources.Errors;

namespace Orleans.StatefulSets.Resources.Validation;

/// <summary>ValidateObjectMeta and ValidateObjectMetaUpdate (apimachinery's pkg/api/validation/objectmeta.go).</summary>
internal static class ObjectMetaRules
{
    /// <summary>All annotations of an object together, keys and values, in bytes.</summary>
    public const int AnnotationBytes = 256 * 1024;

    private const string Immutable = "field is immutable";

    /// <summary>The complaint about an object without a name.</summary>
    public static readonly FieldError NameRequired =
        new("FieldValueRequired", "metadata.name", "Required value: name or generateName is required");

    /// <summary>The metadata of a new object; <paramref name="nameRule"/> is the kind's.</summary>
    public static void Check(V1ObjectMeta metadata, Func<string, IEnumerable<string>> nameRule, FieldErrors errors, string path = "metadata")
    {
        if (!string.IsNullOrEmpty(metadata.GenerateName))
        {
            foreach (var problem in nameRule(NameRules.Masked(metadata.GenerateName)))
            {
                errors.Invalid($"{path}.generateName", metadata.GenerateName, problem);
            }
        }

        if (string.IsNullOrEmpty(metadata.Name))
        {
            errors.Required($"{path}.name", "name or generateName is required");
        }
        else
        {
            foreach (var problem in nameRule(metadata.Name))
            {
                errors.Invalid($"{path}.name", metadata.Name, problem);
            }
        }

        CheckContents(metadata, errors, path);
    }

    /// <summary>The metadata of an update: what may not change, and what may be written at all.</summary>
    public static void CheckUpdate(V1ObjectMeta next, V1ObjectMeta current, FieldErrors errors)
    {
        if (ReferenceEquals(next, current))
        {
            return;
        }

        CheckImmutable("metadata.name", next.Name, current.Name, errors);
        CheckImmutable("metadata.namespace", next.NamespaceProperty, current.NamespaceProperty, errors);
        CheckImmutable("metadata.uid", next.Uid, current.Uid, errors);
        CheckNewFinalizers(next, current, errors);
        CheckContents(next, errors, "metadata");
    }

    /// <summary>ValidateLabels.</summary>
    public static void CheckLabels(IDictionary<string, string>? labels, string path, FieldErrors errors)
    {
        foreach (var (key, value) in labels ?? NoTexts)
        {
            foreach (var problem in NameRules.QualifiedName(key))
            {
                errors.Invalid(path, key, problem);
            }

            foreach (var problem in NameRules.LabelValue(value ?? ""))
            {
                errors.Invalid(path, value, problem);
            }
        }
    }

    /// <summary>ValidateAnnotations.</summary>
    public static void CheckAnnotations(IDictionary<string, string>? annotations, string path, FieldErrors errors)
    {
        var bytes = 0L;
        foreach (var (key, value) in annotations ?? NoTexts)
        {
            foreach (var problem in NameRules.QualifiedName(key.ToLowerInvariant()))
            {
                errors.Invalid(path, key, problem);
            }

            bytes += Encoding.UTF8.GetByteCount(key) + Encoding.UTF8.GetByteCount(value ?? "");
        }

        if (bytes > AnnotationBytes)
        {
            errors.TooLong(path, AnnotationBytes);
        }
    }

    /// <summary>ValidateImmutableField.</summary>
    public static void CheckImmutable(string path, object? next, object? current, FieldErrors errors)
    {
        var isSame = next is string or null && current is string or null
            ? string.Equals(next as string ?? "", current as string ?? "", StringComparison.Ordinal)
            : SemanticEquality.Same(next, current);
        if (!isSame)
        {
            errors.Invalid(path, next ?? (current is string ? "" : null), Immutable);
        }
    }

    private static readonly Dictionary<string, string> NoTexts = [];

    private static void CheckContents(V1ObjectMeta metadata, FieldErrors errors, string path)
    {
        CheckLabels(metadata.Labels, $"{path}.labels", errors);
        CheckAnnotations(metadata.Annotations, $"{path}.annotations", errors);
        CheckOwners(metadata.OwnerReferences, $"{path}.ownerReferences", errors);
        CheckFinalizers(metadata.Finalizers, $"{path}.finalizers", errors);
        for (var index = 0; index < metadata.Finalizers?.Count; index++)
        {
            CheckKubernetesFinalizer(metadata.Finalizers[index], $"{path}.finalizers[{index}]", errors);
        }
    }

    /// <summary>validateKubeFinalizerName: a finalizer without a domain is one of Kubernetes' own.</summary>
    public static void CheckKubernetesFinalizer(string finalizer, string path, FieldErrors errors)
    {
        if (!finalizer.Contains('/') && finalizer is not ("kubernetes" or "orphan" or "foregroundDeletion"))
        {
            errors.Invalid(path, finalizer, "name is neither a standard finalizer name nor is it fully qualified");
        }
    }

    private static void CheckOwners(IList<V1OwnerReference>? owners, string path, FieldErrors errors)
    {
        V1OwnerReference? controller = null;
        for (var index = 0; index < owners?.Count; index++)
        {
            var owner = owners[index];
            var at = $"{path}[{index}]";
            if (string.IsNullOrEmpty(owner.ApiVersion))
            {
                errors.Invalid($"{at}.apiVersion", owner.ApiVersion ?? "", "version must not be empty");
            }

            CheckNotEmpty($"{at}.kind", owner.Kind, "must not be empty", errors);
            CheckNotEmpty($"{at}.name", owner.Name, "must not be empty", errors);
            CheckNotEmpty($"{at}.uid", owner.Uid, "must not be empty", errors);
            if (owner is { ApiVersion: "v1", Kind: "Event" })
            {
                errors.Invalid(at, owner, "/v1, Kind=Event is disallowed from being an owner");
            }

            if (owner.Controller != true)
            {
                continue;
            }

            if (controller is not null)
            {
                errors.Invalid(
                    path,
                    "",
                    $"Only one reference can have Controller set to true. Found \"true\" in references for {controller.Kind}/{controller.Name} and {owner.Kind}/{owner.Name}");
            }

            controller ??= owner;
        }
    }

    private static void CheckNotEmpty(string path, string? value, string detail, FieldErrors errors)
    {
        if (string.IsNullOrEmpty(value))
        {
            errors.Invalid(path, "", detail);
        }
    }

    private static void CheckFinalizers(IList<string>? finalizers, string path, FieldErrors errors)
    {
        foreach (var finalizer in finalizers ?? [])
        {
            foreach (var problem in NameRules.QualifiedName(finalizer))
            {
                errors.Invalid(path, finalizer, problem);
            }
        }

        if (finalizers?.Contains("orphan") == true && finalizers.Contains("foregroundDeletion"))
        {
            errors.Invalid(path, finalizers, "finalizer orphan and foregroundDeletion cannot be both set");
        }
    }

    private static void CheckNewFinalizers(V1ObjectMeta next, V1ObjectMeta current, FieldErrors errors)
    {
        if (current.DeletionTimestamp is null || next.Finalizers is not { Count: > 0 })
        {
            return;
        }

        var added = next.Finalizers.Except(current.Finalizers ?? []).Order(StringComparer.Ordinal).ToList();
        if (added.Count > 0)
        {
            errors.Forbidden("metadata.finalizers", $"no new finalizers can be added if the object is being deleted, found new finalizers []string{{{string.Join(", ", added.Select(GoValue.Quote))}}}");
        }
    }
}
