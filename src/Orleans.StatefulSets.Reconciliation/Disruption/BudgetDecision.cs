using k8s.Models;

namespace Orleans.StatefulSets.Reconciliation.Disruption;

/// <summary>Keeps a budget's status (<c>pkg/controller/disruption/disruption.go</c>, trySync).</summary>
public static class BudgetDecision
{
    /// <param name="budget">The budget as stored.</param>
    /// <param name="pods">The pods that it selects.</param>
    /// <param name="setOf">The StatefulSet of that name in the budget's namespace, or null.</param>
    /// <param name="grantedUids">The uids of pods by name, where it is remembered which pod an eviction was granted for.</param>
    /// <param name="now">The cluster's time, whole seconds.</param>
    public static BudgetPlan Decide(
        V1PodDisruptionBudget budget,
        IReadOnlyCollection<BudgetedPod> pods,
        Func<string, V1StatefulSet?> setOf,
        IReadOnlyDictionary<string, string> grantedUids,
        DateTime now)
    {
        var before = budget.Status ?? new V1PodDisruptionBudgetStatus();
        var expected = ExpectedPods.Of(budget.Spec, pods, setOf);
        if (expected.Problem is { } problem)
        {
            return Failed(before, problem, now);
        }

        var disrupted = Disruption.DisruptedPods.Of(budget, pods, grantedUids, now);
        var healthy = pods.Count(pod => disrupted.CountsAsHealthy(pod, now));

        // A budget that expects no pods allows nothing: the first ones may appear before it is looked at again.
        var surplus = healthy - expected.DesiredHealthy;
        var next = before with
        {
            CurrentHealthy = healthy,
            DesiredHealthy = expected.DesiredHealthy,
            ExpectedPods = expected.Expected,
            DisruptionsAllowed = expected.Expected <= 0 || surplus <= 0 ? 0 : surplus,
            DisruptedPods = disrupted.Names.Count == 0 ? null : disrupted.Names,
            ObservedGeneration = budget.Metadata.Generation,
        };
        var changed = !SaysTheSame(before, next) || !BudgetConditions.AreUpToDate(next);
        return new BudgetPlan
        {
            Status = changed ? BudgetConditions.Update(next, now) : null,
            LookAgainAt = disrupted.LookAgainAt,
            Stayed = disrupted.Stayed,
            Events = changed && pods.Count == 0 ? [BudgetEvents.NoPods] : [],
        };
    }

    private static BudgetPlan Failed(V1PodDisruptionBudgetStatus before, string problem, DateTime now)
    {
        var isKnown = before.DisruptionsAllowed == 0 && BudgetConditions.Find(before) is { Reason: BudgetConditions.SyncFailed } condition && condition.Message == problem;
        return isKnown ? new BudgetPlan() : new BudgetPlan
        {
            Status = BudgetConditions.Fail(before, problem, now),
            Events = [BudgetEvents.CountFailed(problem)],
        };
    }

    private static bool SaysTheSame(V1PodDisruptionBudgetStatus before, V1PodDisruptionBudgetStatus next) =>
        before.CurrentHealthy == next.CurrentHealthy
        && before.DesiredHealthy == next.DesiredHealthy
        && before.ExpectedPods == next.ExpectedPods
        && before.DisruptionsAllowed == next.DisruptionsAllowed
        && before.ObservedGeneration == next.ObservedGeneration
        && Same(before.DisruptedPods, next.DisruptedPods);

    private static bool Same(IDictionary<string, DateTime?>? before, IDictionary<string, DateTime?>? next) =>
        (before?.Count ?? 0) == (next?.Count ?? 0)
        && (before is null || before.All(pair => next!.TryGetValue(pair.Key, out var time) && time == pair.Value));
}
