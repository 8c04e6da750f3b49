using k8s.Models;

namespace Orleans.StatefulSets.Resources.Validation;

/// <summary>validateTopologySpreadConstraints (pkg/apis/core/validation/validation.go).</summary>
internal static class SpreadConstraintRules
{
    private const string NotPositive = "must be greater than zero";

    public static void Check(IList<V1TopologySpreadConstraint>? constraints, string path, FieldErrors errors)
    {
        for (var index = 0; index < constraints?.Count; index++)
        {
            var constraint = constraints[index];
            var at = $"{path}[{index}]";
            if (constraint.MaxSkew <= 0)
            {
                errors.Invalid($"{at}.maxSkew", constraint.MaxSkew, NotPositive);
            }

            SchedulingRules.CheckTopologyKey(constraint.TopologyKey, at, errors);
            errors.OneOf($"{at}.whenUnsatisfiable", constraint.WhenUnsatisfiable, "DoNotSchedule", "ScheduleAnyway");
            var isDouble = constraints.Skip(index + 1)
                .Any(other => other.TopologyKey == constraint.TopologyKey && other.WhenUnsatisfiable == constraint.WhenUnsatisfiable);
            if (isDouble)
            {
                errors.Duplicate($"{at}.{{topologyKey, whenUnsatisfiable}}", $"{{{constraint.TopologyKey}, {constraint.WhenUnsatisfiable}}}");
            }

            CheckDomains(constraint, at, errors);
            CheckPolicy(constraint.NodeAffinityPolicy, $"{at}.nodeAffinityPolicy", errors);
            CheckPolicy(constraint.NodeTaintsPolicy, $"{at}.nodeTaintsPolicy", errors);
            SchedulingRules.CheckLabelKeys(constraint.MatchLabelKeys, constraint.LabelSelector, $"{at}.matchLabelKeys", errors);
            if (constraint.LabelSelector is { } selector)
            {
                LabelSelectorRules.Check(selector, $"{at}.labelSelector", errors);
            }
        }
    }

    private static void CheckDomains(V1TopologySpreadConstraint constraint, string path, FieldErrors errors)
    {
        if (constraint.MinDomains <= 0)
        {
            errors.Invalid($"{path}.minDomains", constraint.MinDomains, NotPositive);
        }

        if (constraint.MinDomains is not null && constraint.WhenUnsatisfiable != "DoNotSchedule")
        {
            errors.Invalid(
                $"{path}.minDomains",
                constraint.MinDomains,
                $"can only use minDomains if whenUnsatisfiable=DoNotSchedule, not {constraint.WhenUnsatisfiable}");
        }
    }

    private static void CheckPolicy(string? policy, string path, FieldErrors errors)
    {
        if (policy is not null)
        {
            errors.OneOf(path, policy, "Honor", "Ignore");
        }
    }
}
