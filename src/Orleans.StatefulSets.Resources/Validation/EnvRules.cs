using k8s.Models;

namespace Orleans.StatefulSets.Resources.Validation;

/// <summary>ValidateEnv and ValidateEnvFrom (pkg/apis/core/validation/validation.go).</summary>
internal static class EnvRules
{
    private static readonly string[] Fields =
    [
        "metadata.name", "metadata.namespace", "metadata.uid", "spec.nodeName", "spec.serviceAccountName", "status.hostIP", "status.hostIPs",
        "status.podIP", "status.podIPs",
    ];

    public static void Check(V1Container container, string path, FieldErrors errors)
    {
        for (var index = 0; index < container.Env?.Count; index++)
        {
            var variable = container.Env[index];
            var at = $"{path}.env[{index}]";
            if (string.IsNullOrEmpty(variable.Name))
            {
                errors.Required($"{at}.name");
            }
            else
            {
                foreach (var problem in NameRules.EnvName(variable.Name))
                {
                    errors.Invalid($"{at}.name", variable.Name, problem);
                }
            }

            if (variable.ValueFrom is { } source)
            {
                CheckSource(source, !string.IsNullOrEmpty(variable.Value), $"{at}.valueFrom", errors);
            }
        }

        for (var index = 0; index < container.EnvFrom?.Count; index++)
        {
            CheckFrom(container.EnvFrom[index], $"{path}.envFrom[{index}]", errors);
        }
    }

    private static void CheckSource(V1EnvVarSource source, bool hasValue, string path, FieldErrors errors)
    {
        var sources = new object?[] { source.FieldRef, source.ResourceFieldRef, source.ConfigMapKeyRef, source.SecretKeyRef }.Count(one => one is not null);
        if (sources == 0)
        {
            errors.Invalid(path, "", "must specify one of: `fieldRef`, `resourceFieldRef`, `configMapKeyRef` or `secretKeyRef`");
        }
        else if (hasValue)
        {
            errors.Invalid(path, "", "may not be specified when `value` is not empty");
        }
        else if (sources > 1)
        {
            errors.Invalid(path, "", "may not have more than one field specified at a time");
        }

        if (source.FieldRef is { } field)
        {
            CheckField(field.FieldPath, $"{path}.fieldRef", errors);
        }

        if (source.ConfigMapKeyRef is { } configMap)
        {
            CheckKey(configMap.Name, configMap.Key, $"{path}.configMapKeyRef", errors);
        }

        if (source.SecretKeyRef is { } secret)
        {
            CheckKey(secret.Name, secret.Key, $"{path}.secretKeyRef", errors);
        }
    }

    private static void CheckField(string? fieldPath, string path, FieldErrors errors)
    {
        if (string.IsNullOrEmpty(fieldPath))
        {
            errors.Required($"{path}.fieldPath");
            return;
        }

        var isEntry = fieldPath.EndsWith("']", StringComparison.Ordinal)
            && (fieldPath.StartsWith("metadata.labels['", StringComparison.Ordinal) || fieldPath.StartsWith("metadata.annotations['", StringComparison.Ordinal));
        if (isEntry || Fields.Contains(fieldPath))
        {
            return;
        }

        if (fieldPath is "metadata.labels" or "metadata.annotations" or "spec.restartPolicy" or "spec.schedulerName" or "spec.hostNetwork" or "status.phase")
        {
            errors.NotSupported($"{path}.fieldPath", fieldPath, Fields);
        }
        else
        {
            errors.Invalid($"{path}.fieldPath", fieldPath, $"error converting fieldPath: field label not supported: {fieldPath}");
        }
    }

    private static void CheckKey(string? name, string? key, string path, FieldErrors errors)
    {
        if (string.IsNullOrEmpty(name))
        {
            errors.Required($"{path}.name");
        }

        if (string.IsNullOrEmpty(key))
        {
            errors.Required($"{path}.key");
            return;
        }

        foreach (var problem in NameRules.ConfigKey(key))
        {
            errors.Invalid($"{path}.key", key, problem);
        }
    }

    private static void CheckFrom(V1EnvFromSource source, string path, FieldErrors errors)
    {
        if (source is { ConfigMapRef: null, SecretRef: null })
        {
            errors.Invalid(path, "", "must specify one of: `configMapRef` or `secretRef`");
        }
        else if (source is { ConfigMapRef: not null, SecretRef: not null })
        {
            errors.Invalid(path, "", "may not have more than one field specified at a time");
        }

        if (source.ConfigMapRef is { Name: null or "" })
        {
            errors.Required($"{path}.configMapRef.name");
        }

        if (source.SecretRef is { Name: null or "" })
        {
            errors.Required($"{path}.secretRef.name");
        }
    }
}
