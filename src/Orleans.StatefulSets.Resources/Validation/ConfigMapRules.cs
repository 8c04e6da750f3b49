using System.Text;
using k8s.Models;
using Orleans.StatefulSets.Resources.Defaulting;

namespace Orleans.StatefulSets.Resources.Validation;

/// <summary>ValidateConfigMap and its update (pkg/apis/core/validation/validation.go).</summary>
internal static class ConfigMapRules
{
    /// <summary>All keys and values together, in bytes.</summary>
    public const int MaxBytes = 1024 * 1024;

    private const string Immutable = "field is immutable when `immutable` is set";

    public static void Check(V1ConfigMap model, FieldErrors errors)
    {
        var size = 0L;
        foreach (var (key, value) in model.Data ?? new Dictionary<string, string>())
        {
            CheckKey(key, "data", errors);
            if (model.BinaryData?.ContainsKey(key) == true)
            {
                errors.Invalid($"data[{key}]", key, "duplicate of key present in binaryData");
            }

            size += Encoding.UTF8.GetByteCount(value ?? "");
        }

        foreach (var (key, value) in model.BinaryData ?? new Dictionary<string, byte[]>())
        {
            CheckKey(key, "binaryData", errors);
            if (model.Data?.ContainsKey(key) == true)
            {
                errors.Invalid($"binaryData[{key}]", key, "duplicate of key present in data");
            }

            size += value?.Length ?? 0;
        }

        if (size > MaxBytes)
        {
            errors.TooLong("", MaxBytes);
        }
    }

    public static void CheckUpdate(V1ConfigMap next, V1ConfigMap current, FieldErrors errors)
    {
        if (current.Immutable != true)
        {
            return;
        }

        if (next.Immutable != true)
        {
            errors.Forbidden("immutable", Immutable);
        }

        if (!SemanticEquality.Same(next.Data, current.Data))
        {
            errors.Forbidden("data", Immutable);
        }

        if (!SemanticEquality.Same(next.BinaryData, current.BinaryData))
        {
            errors.Forbidden("binaryData", Immutable);
        }
    }

    internal static void CheckKey(string key, string field, FieldErrors errors)
    {
        foreach (var problem in NameRules.ConfigKey(key))
        {
            errors.Invalid($"{field}[{key}]", key, problem);
        }
    }
}
