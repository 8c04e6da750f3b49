using k8s.Models;

namespace Orleans.StatefulSets.Reconciliation.Disruption;

/// <summary>The condition DisruptionAllowed (<c>component-helpers/apps/poddisruptionbudget</c>).</summary>
internal static class BudgetConditions
{
    public const string DisruptionAllowed = "DisruptionAllowed";
    public const string SyncFailed = "SyncFailed";
    private const string SufficientPods = "SufficientPods";
    private const string InsufficientPods = "InsufficientPods";

    public static V1Condition? Find(V1PodDisruptionBudgetStatus? status) =>
        status?.Conditions?.FirstOrDefault(condition => condition.Type == DisruptionAllowed);

    /// <summary>The status with the condition that goes with its <c>disruptionsAllowed</c>.</summary>
    public static V1PodDisruptionBudgetStatus Update(V1PodDisruptionBudgetStatus status, DateTime now) => status.DisruptionsAllowed > 0
        ? With(status, "True", SufficientPods, "", now)
        : With(status, "False", InsufficientPods, "", now);

    /// <summary>The status of a budget whose count failed: nothing may be evicted until it can be told again.</summary>
    public static V1PodDisruptionBudgetStatus Fail(V1PodDisruptionBudgetStatus status, string why, DateTime now) =>
        With(status with { DisruptionsAllowed = 0 }, "False", SyncFailed, why, now);

    public static bool AreUpToDate(V1PodDisruptionBudgetStatus status) => Find(status) is { } condition && (status.DisruptionsAllowed > 0
        ? condition is { Status: "True", Reason: SufficientPods }
        : condition is { Status: "False", Reason: InsufficientPods });

    // meta.SetStatusCondition: the time of transition moves with the status alone.
    private static V1PodDisruptionBudgetStatus With(V1PodDisruptionBudgetStatus status, string value, string reason, string message, DateTime now)
    {
        var before = Find(status);
        var next = new V1Condition
        {
            Type = DisruptionAllowed,
            Status = value,
            Reason = reason,
            Message = message,
            ObservedGeneration = status.ObservedGeneration,
            LastTransitionTime = before?.Status == value ? before.LastTransitionTime : now,
        };
        return status with { Conditions = [.. (status.Conditions ?? []).Where(condition => condition.Type != DisruptionAllowed), next] };
    }
}
