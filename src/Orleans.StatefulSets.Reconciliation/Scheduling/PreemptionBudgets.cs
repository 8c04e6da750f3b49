using k8s.Models;

namespace Orleans.StatefulSets.Reconciliation.Scheduling;

/// <summary>
/// "PodDisruptionBudget is supported, but not guaranteed": preemption spares pods whose budget is used up as long as others will do
/// (filterPodsWithPDBViolation of <c>plugins/defaultpreemption</c>).
/// </summary>
internal sealed class PreemptionBudgets(IEnumerable<V1PodDisruptionBudget> budgets)
{
    private readonly List<(V1PodDisruptionBudget Budget, PodSelector Selector)> all =
        [.. budgets.Select(budget => (budget, PodSelector.Of(budget.Spec?.Selector))).Where(pair => !pair.Item2.IsEmpty)];

    /// <summary>Of pods that were to go in this order, those whose going would violate a budget.</summary>
    public IReadOnlySet<PodTraits> Violated(IReadOnlyList<PodTraits> pods)
    {
        HashSet<PodTraits> violated = new(ReferenceEqualityComparer.Instance);
        if (all.Count == 0)
        {
            return violated;
        }

        var allowed = all.Select(pair => pair.Budget.Status?.DisruptionsAllowed ?? 0).ToArray();
        foreach (var pod in pods.Where(pod => pod.Labels is { Count: > 0 }))
        {
            for (var index = 0; index < all.Count; index++)
            {
                if (Guards(all[index], pod) && --allowed[index] < 0)
                {
                    violated.Add(pod);
                }
            }
        }

        return violated;
    }

    // A pod whose eviction the budget has let pass already costs it nothing more.
    private static bool Guards((V1PodDisruptionBudget Budget, PodSelector Selector) pair, PodTraits pod) =>
        pair.Budget.Metadata.NamespaceProperty == pod.Namespace && pair.Selector.Matches(pod.Labels)
        && pair.Budget.Status?.DisruptedPods?.ContainsKey(pod.Name) != true;
}
