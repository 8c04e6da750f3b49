using k8s.Models;

namespace Orleans.StatefulSets.Resources.Validation;

/// <summary>ValidateTolerations (pkg/apis/core/validation/validation.go).</summary>
internal static class TolerationRules
{
    public static void Check(V1Toleration toleration, string path, FieldErrors errors)
    {
        var operation = string.IsNullOrEmpty(toleration.OperatorProperty) ? "Equal" : toleration.OperatorProperty;
        if (!string.IsNullOrEmpty(toleration.Key))
        {
            foreach (var problem in NameRules.QualifiedName(toleration.Key))
            {
                errors.Invalid($"{path}.key", toleration.Key, problem);
            }
        }
        else if (operation != "Exists")
        {
            errors.Invalid(
                $"{path}.operator",
                toleration.OperatorProperty ?? "",
                "operator must be Exists when `key` is empty, which means \"match all values and all keys\"");
        }

        if (toleration.TolerationSeconds is not null && toleration.Effect != "NoExecute")
        {
            errors.Invalid($"{path}.effect", toleration.Effect ?? "", "effect must be 'NoExecute' when `tolerationSeconds` is set");
        }

        switch (operation)
        {
            case "Equal":
                foreach (var problem in NameRules.LabelValue(toleration.Value ?? ""))
                {
                    errors.Invalid($"{path}.operator", toleration.Value, problem);
                }

                break;
            case "Exists" when !string.IsNullOrEmpty(toleration.Value):
                errors.Invalid($"{path}.operator", toleration.Value, "value must be empty when `operator` is 'Exists'");
                break;
            case not "Exists":
                errors.NotSupported($"{path}.operator", operation, "Equal", "Exists");
                break;
        }

        if (!string.IsNullOrEmpty(toleration.Effect))
        {
            errors.OneOf($"{path}.effect", toleration.Effect, "NoSchedule", "PreferNoSchedule", "NoExecute");
        }
    }
}
