using k8s.Models;
using Orleans.StatefulSets.Resources.Defaulting;

namespace Orleans.StatefulSets.Resources.Validation;

/// <summary>ValidateStorageClass and its update (pkg/apis/storage/validation/validation.go).</summary>
internal static class StorageClassRules
{
    private const int MaxParameters = 512;
    private const int MaxParameterBytes = 256 * 1024;

    public static void Check(V1StorageClass model, FieldErrors errors)
    {
        CheckProvisioner(model.Provisioner, errors);
        CheckParameters(model.Parameters, errors);
        errors.OneOf("reclaimPolicy", model.ReclaimPolicy, "Delete", "Retain");
        errors.OneOf("volumeBindingMode", model.VolumeBindingMode, "Immediate", "WaitForFirstConsumer");
    }

    public static void CheckUpdate(V1StorageClass next, V1StorageClass current, FieldErrors errors)
    {
        if (!SemanticEquality.Same(next.Parameters, current.Parameters))
        {
            errors.Forbidden("parameters", "updates to parameters are forbidden.");
        }

        if (next.Provisioner != current.Provisioner)
        {
            errors.Forbidden("provisioner", "updates to provisioner are forbidden.");
        }

        if (next.ReclaimPolicy != current.ReclaimPolicy)
        {
            errors.Forbidden("reclaimPolicy", "updates to reclaimPolicy are forbidden.");
        }

        ObjectMetaRules.CheckImmutable("volumeBindingMode", next.VolumeBindingMode, current.VolumeBindingMode, errors);
    }

    private static void CheckProvisioner(string? provisioner, FieldErrors errors)
    {
        if (string.IsNullOrEmpty(provisioner))
        {
            errors.Required("provisioner");
            return;
        }

        foreach (var problem in NameRules.QualifiedName(provisioner.ToLowerInvariant()))
        {
            errors.Invalid("provisioner", provisioner, problem);
        }
    }

    private static void CheckParameters(IDictionary<string, string>? parameters, FieldErrors errors)
    {
        if (parameters is null)
        {
            return;
        }

        if (parameters.Count > MaxParameters)
        {
            errors.TooLong("parameters", MaxParameters);
            return;
        }

        var size = 0L;
        foreach (var (key, value) in parameters)
        {
            if (key.Length == 0)
            {
                errors.Invalid("parameters", key, "field can not be empty.");
            }

            size += key.Length + (value?.Length ?? 0);
        }

        if (size > MaxParameterBytes)
        {
            errors.TooLong("parameters", MaxParameterBytes);
        }
    }
}
