using k8s.Models;

namespace Orleans.StatefulSets.Resources.Validation;

/// <summary>ValidateResourceQuota (pkg/apis/core/validation/validation.go).</summary>
internal static class ResourceQuotaRules
{
    private static readonly string[] Scopes = ["Terminating", "NotTerminating", "BestEffort", "NotBestEffort", "PriorityClass", "CrossNamespacePodAffinity"];
    private static readonly (string One, string Other)[] Opposites = [("BestEffort", "NotBestEffort"), ("Terminating", "NotTerminating")];

    public static void Check(V1ResourceQuotaSpec spec, FieldErrors errors)
    {
        CheckAmounts(spec.Hard, "spec.hard", errors);
        CheckScopes(spec, errors);
        CheckSelector(spec, errors);
    }

    public static void CheckStatus(V1ResourceQuotaStatus status, FieldErrors errors)
    {
        CheckAmounts(status.Hard, "status.hard", errors);
        CheckAmounts(status.Used, "status.used", errors);
    }

    /// <summary>"ensure scopes cannot change" (ValidateResourceQuotaUpdate).</summary>
    public static void CheckScopesStay(V1ResourceQuotaSpec next, V1ResourceQuotaSpec current, FieldErrors errors)
    {
        if (!(next.Scopes ?? []).ToHashSet().SetEquals(current.Scopes ?? []))
        {
            errors.Invalid("spec.scopes", Printed(next.Scopes), "field is immutable");
        }
    }

    private static void CheckAmounts(IDictionary<string, ResourceQuantity>? amounts, string path, FieldErrors errors)
    {
        foreach (var (name, amount) in (amounts ?? new Dictionary<string, ResourceQuantity>()).OrderBy(pair => pair.Key, StringComparer.Ordinal))
        {
            var field = $"{path}[{name}]";
            CheckName(name, field, errors);
            if (amount.ToDecimal() < 0)
            {
                errors.Invalid(field, amount, "must be greater than or equal to 0");
            }

            if (QuotaResourceNames.IsInteger(name) && decimal.Truncate(amount.ToDecimal()) != amount.ToDecimal())
            {
                errors.Invalid(field, amount, "must be an integer");
            }
        }
    }

    private static void CheckName(string name, string field, FieldErrors errors)
    {
        var problems = NameRules.QualifiedName(name).ToList();
        foreach (var problem in problems)
        {
            errors.Invalid(field, name, problem);
        }

        if (name.Contains('/', StringComparison.Ordinal))
        {
            return;
        }

        if (problems.Count == 0 && !QuotaResourceNames.IsKnown(name))
        {
            errors.Invalid(field, name, "must be a standard resource type or fully qualified");
        }

        if (!QuotaResourceNames.IsStandard(name))
        {
            errors.Invalid(field, name, "must be a standard resource for quota");
        }
    }

    private static void CheckScopes(V1ResourceQuotaSpec spec, FieldErrors errors)
    {
        var printed = Printed(spec.Scopes);
        foreach (var scope in spec.Scopes ?? [])
        {
            if (!Scopes.Contains(scope))
            {
                errors.Invalid("spec.scopes", printed, "unsupported scope");
            }

            foreach (var _ in Misfits(spec, scope))
            {
                errors.Invalid("spec.scopes", printed, "unsupported scope applied to resource");
            }
        }

        CheckOpposites([.. spec.Scopes ?? []], "spec.scopes", printed, errors);
    }

    private static void CheckSelector(V1ResourceQuotaSpec spec, FieldErrors errors)
    {
        const string path = "spec.scopeSelector.matchExpressions";
        if (spec.ScopeSelector is not { } selector)
        {
            return;
        }

        foreach (var requirement in selector.MatchExpressions ?? [])
        {
            if (!Scopes.Contains(requirement.ScopeName))
            {
                errors.Invalid($"{path}.scopeName", requirement.ScopeName ?? "", "unsupported scope");
            }

            foreach (var _ in Misfits(spec, requirement.ScopeName))
            {
                errors.Invalid(path, selector, "unsupported scope applied to resource");
            }

            CheckOperator(requirement, path, errors);
        }

        CheckOpposites([.. (selector.MatchExpressions ?? []).Select(requirement => requirement.ScopeName)], path, Printed(spec.Scopes), errors);
    }

    private static void CheckOperator(V1ScopedResourceSelectorRequirement requirement, string path, FieldErrors errors)
    {
        if (requirement.ScopeName is not "PriorityClass" && Scopes.Contains(requirement.ScopeName) && requirement.OperatorProperty != "Exists")
        {
            errors.Invalid($"{path}.operator", requirement.OperatorProperty ?? "", "must be 'Exist' when scope is any of ResourceQuotaScopeTerminating,"
                + " ResourceQuotaScopeNotTerminating, ResourceQuotaScopeBestEffort, ResourceQuotaScopeNotBestEffort or ResourceQuotaScopeCrossNamespacePodAffinity");
        }

        var hasValues = requirement.Values is { Count: > 0 };
        switch (requirement.OperatorProperty)
        {
            case "In" or "NotIn" when !hasValues:
                errors.Required($"{path}.values", "must be at least one value when `operator` is 'In' or 'NotIn' for scope selector");
                break;
            case "Exists" or "DoesNotExist" when hasValues:
                errors.Invalid($"{path}.values", requirement.Values, "must be no value when `operator` is 'Exist' or 'DoesNotExist' for scope selector");
                break;
            case not ("In" or "NotIn" or "Exists" or "DoesNotExist"):
                errors.Invalid($"{path}.operator", requirement.OperatorProperty ?? "", "not a valid selector operator");
                break;
        }
    }

    private static void CheckOpposites(HashSet<string> scopes, string path, object printed, FieldErrors errors)
    {
        foreach (var _ in Opposites.Where(pair => scopes.Contains(pair.One) && scopes.Contains(pair.Other)))
        {
            errors.Invalid(path, printed, "conflicting scopes");
        }
    }

    private static IEnumerable<string> Misfits(V1ResourceQuotaSpec spec, string? scope) =>
        (spec.Hard ?? new Dictionary<string, ResourceQuantity>()).Keys.Where(name => QuotaResourceNames.IsStandard(name) && !QuotaResourceNames.MayBeScoped(scope, name));

    private static GoLiteral Printed(IList<string>? scopes) => new(scopes is null
        ? "[]core.ResourceQuotaScope(nil)"
        : $"[]core.ResourceQuotaScope{{{string.Join(", ", scopes.Select(GoValue.Quote))}}}");
}
