using k8s.Models;

namespace Orleans.StatefulSets.Resources.Validation;

/// <summary>ValidatePodDisruptionBudget and its update (pkg/apis/policy/validation/validation.go).</summary>
internal static class DisruptionBudgetRules
{
    public static void Check(V1PodDisruptionBudgetSpec spec, FieldErrors errors)
    {
        if (spec.MinAvailable is not null && spec.MaxUnavailable is not null)
        {
            errors.Invalid("spec", spec, "minAvailable and maxUnavailable cannot be both set");
        }

        if (spec.MinAvailable is { } least)
        {
            IntOrPercentRules.Check("spec.minAvailable", least, errors);
        }

        if (spec.MaxUnavailable is { } most)
        {
            IntOrPercentRules.Check("spec.maxUnavailable", most, errors);
        }

        if (spec.Selector is { } selector)
        {
            LabelSelectorRules.Check(selector, "spec.selector", errors);
        }

        if (spec.UnhealthyPodEvictionPolicy is { } policy and not ("AlwaysAllow" or "IfHealthyBudget"))
        {
            errors.NotSupported("spec.unhealthyPodEvictionPolicy", policy, "AlwaysAllow", "IfHealthyBudget");
        }
    }

    public static void CheckStatus(V1PodDisruptionBudgetStatus? status, FieldErrors errors)
    {
        errors.NonNegative("status.disruptionsAllowed", status?.DisruptionsAllowed);
        errors.NonNegative("status.currentHealthy", status?.CurrentHealthy);
        errors.NonNegative("status.desiredHealthy", status?.DesiredHealthy);
        errors.NonNegative("status.expectedPods", status?.ExpectedPods);
    }
}
