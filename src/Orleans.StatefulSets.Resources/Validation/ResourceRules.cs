using k8s.Models;

namespace Orleans.StatefulSets.Resources.Validation;

/// <summary>ValidateResourceRequirements (pkg/apis/core/validation/validation.go).</summary>
internal static class ResourceRules
{
    public static void Check(V1ResourceRequirements? resources, string path, FieldErrors errors)
    {
        if (resources is null)
        {
            return;
        }

        CheckAmounts(resources.Limits, $"{path}.limits", errors);
        CheckAmounts(resources.Requests, $"{path}.requests", errors);
        foreach (var (name, request) in resources.Requests ?? NoAmounts)
        {
            if (resources.Limits is null || !resources.Limits.TryGetValue(name, out var limit))
            {
                if (!MayExceedLimit(name))
                {
                    errors.Required($"{path}.limits", "Limit must be set for non overcommitable resources");
                }
            }
            else if (!MayExceedLimit(name) && request.ToDecimal() != limit.ToDecimal())
            {
                errors.Invalid($"{path}.requests", request, $"must be equal to {name} limit of {limit}");
            }
            else if (request.ToDecimal() > limit.ToDecimal())
            {
                errors.Invalid($"{path}.requests", request, $"must be less than or equal to {name} limit of {limit}");
            }
        }
    }

    private static readonly Dictionary<string, ResourceQuantity> NoAmounts = [];

    private static void CheckAmounts(IDictionary<string, ResourceQuantity>? amounts, string path, FieldErrors errors)
    {
        foreach (var (name, amount) in amounts ?? NoAmounts)
        {
            var isStandard = IsStandard(name);
            if (!isStandard && !name.Contains('/', StringComparison.Ordinal))
            {
                errors.Invalid(path, name, "must be a standard resource type or fully qualified");
                errors.Invalid(path, name, "must be a standard resource for containers");
            }

            foreach (var problem in isStandard ? [] : NameRules.QualifiedName(name))
            {
                errors.Invalid(path, name, problem);
            }

            if (amount.ToDecimal() < 0)
            {
                errors.Invalid($"{path}[{name}]", amount, "must be greater than or equal to 0");
            }
        }
    }

    private static bool IsStandard(string name) =>
        name is "cpu" or "memory" or "ephemeral-storage" || name.StartsWith("hugepages-", StringComparison.Ordinal);

    // Only what the kernel can take back may be promised twice.
    private static bool MayExceedLimit(string name) => name is "cpu" or "memory" or "ephemeral-storage";
}
