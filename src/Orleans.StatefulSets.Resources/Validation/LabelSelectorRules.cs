using k8s.Models;

namespace Orleans.StatefulSets.Resources.Validation;

/// <summary>ValidateLabelSelector (apimachinery's pkg/apis/meta/v1/validation), and whether a selector matches.</summary>
internal static class LabelSelectorRules
{
    /// <summary>Keys, values and operators of a selector.</summary>
    public static void Check(V1LabelSelector selector, string path, FieldErrors errors)
    {
        ObjectMetaRules.CheckLabels(selector.MatchLabels, $"{path}.matchLabels", errors);
        for (var index = 0; index < selector.MatchExpressions?.Count; index++)
        {
            CheckRequirement(selector.MatchExpressions[index], $"{path}.matchExpressions[{index}]", errors);
        }
    }

    /// <summary>Whether all operators are known, so that the selector can be asked at all.</summary>
    public static bool IsReadable(V1LabelSelector selector) =>
        selector.MatchExpressions?.All(requirement => requirement.OperatorProperty is "In" or "NotIn" or "Exists" or "DoesNotExist") != false;

    /// <summary>Whether labels match the selector.</summary>
    public static bool Matches(V1LabelSelector selector, IDictionary<string, string>? labels) =>
        selector.MatchLabels?.All(pair => Value(labels, pair.Key) == pair.Value) != false
        && selector.MatchExpressions?.All(requirement => Matches(requirement, Value(labels, requirement.Key))) != false;

    private static bool Matches(V1LabelSelectorRequirement requirement, string? value) => requirement.OperatorProperty switch
    {
        "In" => value is not null && requirement.Values?.Contains(value) == true,
        "NotIn" => value is null || requirement.Values?.Contains(value) != true,
        "Exists" => value is not null,
        _ => value is null,
    };

    private static string? Value(IDictionary<string, string>? labels, string key) =>
        labels is not null && labels.TryGetValue(key, out var value) ? value : null;

    private static void CheckRequirement(V1LabelSelectorRequirement requirement, string path, FieldErrors errors)
    {
        var hasValues = requirement.Values is { Count: > 0 };
        switch (requirement.OperatorProperty)
        {
            case "In" or "NotIn" when !hasValues:
                errors.Required($"{path}.values", "must be specified when `operator` is 'In' or 'NotIn'");
                break;
            case "Exists" or "DoesNotExist" when hasValues:
                errors.Forbidden($"{path}.values", "may not be specified when `operator` is 'Exists' or 'DoesNotExist'");
                break;
            case "In" or "NotIn" or "Exists" or "DoesNotExist":
                break;
            default:
                errors.Invalid($"{path}.operator", requirement.OperatorProperty ?? "", "not a valid selector operator");
                break;
        }

        foreach (var problem in NameRules.QualifiedName(requirement.Key ?? ""))
        {
            errors.Invalid($"{path}.key", requirement.Key ?? "", problem);
        }

        for (var index = 0; index < requirement.Values?.Count; index++)
        {
            foreach (var problem in NameRules.LabelValue(requirement.Values[index]))
            {
                errors.Invalid($"{path}.values[{index}]", requirement.Values[index], problem);
            }
        }
    }
}
