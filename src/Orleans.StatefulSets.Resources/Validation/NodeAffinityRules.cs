using k8s.Models;

namespace Orleans.StatefulSets.Resources.Validation;

/// <summary>validateNodeAffinity and ValidateNodeSelector (pkg/apis/core/validation/validation.go).</summary>
internal static class NodeAffinityRules
{
    public static void Check(V1NodeAffinity? affinity, string path, FieldErrors errors)
    {
        if (affinity?.RequiredDuringSchedulingIgnoredDuringExecution is { } required)
        {
            var at = $"{path}.requiredDuringSchedulingIgnoredDuringExecution.nodeSelectorTerms";
            if (required.NodeSelectorTerms is not { Count: > 0 })
            {
                errors.Required(at, "must have at least one node selector term");
            }

            for (var index = 0; index < required.NodeSelectorTerms?.Count; index++)
            {
                CheckTerm(required.NodeSelectorTerms[index], $"{at}[{index}]", valuesToo: true, errors);
            }
        }

        var preferred = affinity?.PreferredDuringSchedulingIgnoredDuringExecution;
        for (var index = 0; index < preferred?.Count; index++)
        {
            var at = $"{path}.preferredDuringSchedulingIgnoredDuringExecution[{index}]";
            SchedulingRules.CheckWeight(preferred[index].Weight, at, errors);
            CheckTerm(preferred[index].Preference ?? new V1NodeSelectorTerm(), $"{at}.preference", valuesToo: false, errors);
        }
    }

    private static void CheckTerm(V1NodeSelectorTerm term, string path, bool valuesToo, FieldErrors errors)
    {
        for (var index = 0; index < term.MatchExpressions?.Count; index++)
        {
            CheckExpression(term.MatchExpressions[index], $"{path}.matchExpressions[{index}]", valuesToo, errors);
        }

        for (var index = 0; index < term.MatchFields?.Count; index++)
        {
            CheckField(term.MatchFields[index], $"{path}.matchFields[{index}]", errors);
        }
    }

    private static void CheckExpression(V1NodeSelectorRequirement requirement, string path, bool valuesToo, FieldErrors errors)
    {
        var count = requirement.Values?.Count ?? 0;
        switch (requirement.OperatorProperty)
        {
            case "In" or "NotIn" when count == 0:
                errors.Required($"{path}.values", "must be specified when `operator` is 'In' or 'NotIn'");
                break;
            case "Exists" or "DoesNotExist" when count > 0:
                errors.Forbidden($"{path}.values", "may not be specified when `operator` is 'Exists' or 'DoesNotExist'");
                break;
            case "Gt" or "Lt" when count != 1:
                errors.Required($"{path}.values", "must be specified single value when `operator` is 'Lt' or 'Gt'");
                break;
            case "In" or "NotIn" or "Exists" or "DoesNotExist" or "Gt" or "Lt":
                break;
            default:
                errors.Invalid($"{path}.operator", requirement.OperatorProperty ?? "", "not a valid selector operator");
                break;
        }

        SchedulingRules.CheckLabelName(requirement.Key ?? "", $"{path}.key", errors);
        for (var index = 0; valuesToo && index < count; index++)
        {
            foreach (var problem in NameRules.LabelValue(requirement.Values![index]))
            {
                errors.Invalid($"{path}.values[{index}]", requirement.Values[index], problem);
            }
        }
    }

    // The one field that can be asked for is the node's name, one at a time.
    private static void CheckField(V1NodeSelectorRequirement requirement, string path, FieldErrors errors)
    {
        if (requirement.OperatorProperty is not ("In" or "NotIn"))
        {
            errors.Invalid($"{path}.operator", requirement.OperatorProperty ?? "", "not a valid selector operator");
        }
        else if (requirement.Values?.Count != 1)
        {
            errors.Required($"{path}.values", "must be only one value when `operator` is 'In' or 'NotIn' for node field selector");
        }

        if (requirement.Key != "metadata.name")
        {
            errors.Invalid($"{path}.key", requirement.Key ?? "", "not a valid field selector key");
            return;
        }

        for (var index = 0; index < requirement.Values?.Count; index++)
        {
            foreach (var problem in NameRules.Subdomain(requirement.Values[index]))
            {
                errors.Invalid($"{path}.values[{index}]", requirement.Values[index], problem);
            }
        }
    }
}
