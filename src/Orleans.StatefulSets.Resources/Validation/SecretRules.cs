using System.Text.Json;
using k8s.Models;
using Orleans.StatefulSets.Resources.Defaulting;

namespace Orleans.StatefulSets.Resources.Validation;

/// <summary>ValidateSecret and its update (pkg/apis/core/validation/validation.go).</summary>
internal static class SecretRules
{
    private const string Immutable = "field is immutable when `immutable` is set";

    public static void Check(V1Secret model, FieldErrors errors)
    {
        var size = 0L;
        foreach (var (key, value) in model.Data ?? new Dictionary<string, byte[]>())
        {
            ConfigMapRules.CheckKey(key, "data", errors);
            size += value?.Length ?? 0;
        }

        if (size > ConfigMapRules.MaxBytes)
        {
            errors.TooLong("data", ConfigMapRules.MaxBytes);
        }

        CheckType(model, errors);
    }

    public static void CheckUpdate(V1Secret next, V1Secret current, FieldErrors errors)
    {
        ObjectMetaRules.CheckImmutable("type", next.Type, current.Type, errors);
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
    }

    private static void CheckType(V1Secret model, FieldErrors errors)
    {
        switch (model.Type)
        {
            case "kubernetes.io/service-account-token" when string.IsNullOrEmpty(Annotation(model, "kubernetes.io/service-account.name")):
                errors.Required("metadata.annotations[kubernetes.io/service-account.name]");
                break;
            case "kubernetes.io/dockercfg":
                CheckJson(model, ".dockercfg", errors);
                break;
            case "kubernetes.io/dockerconfigjson":
                CheckJson(model, ".dockerconfigjson", errors);
                break;
            case "kubernetes.io/basic-auth" when !Has(model, "username") && !Has(model, "password"):
                errors.Required("data[username]");
                errors.Required("data[password]");
                break;
            case "kubernetes.io/ssh-auth" when !Has(model, "ssh-privatekey"):
                errors.Required("data[ssh-privatekey]");
                break;
            case "kubernetes.io/tls":
                CheckTls(model, errors);
                break;
        }
    }

    private static void CheckTls(V1Secret model, FieldErrors errors)
    {
        foreach (var key in (ReadOnlySpan<string>)["tls.crt", "tls.key"])
        {
            if (!Has(model, key))
            {
                errors.Required($"data[{key}]");
            }
        }
    }

    private static void CheckJson(V1Secret model, string key, FieldErrors errors)
    {
        if (!Has(model, key))
        {
            errors.Required($"data[{key}]");
            return;
        }

        try
        {
            JsonDocument.Parse(model.Data[key]).Dispose();
        }
        catch (JsonException problem)
        {
            errors.Invalid($"data[{key}]", "<secret contents redacted>", problem.Message);
        }
    }

    private static bool Has(V1Secret model, string key) => model.Data?.ContainsKey(key) == true;

    private static string? Annotation(V1Secret model, string key) =>
        model.Metadata.Annotations is { } annotations && annotations.TryGetValue(key, out var value) ? value : null;
}
