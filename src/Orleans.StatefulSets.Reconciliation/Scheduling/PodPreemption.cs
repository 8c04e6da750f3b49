using k8s.Models;

namespace Orleans.StatefulSets.Reconciliation.Scheduling;

/// <summary>What preemption writes into a victim before it is deleted (<c>framework/preemption/preemption.go</c>, PreemptPod).</summary>
public static class PodPreemption
{
    internal const string ConditionType = "DisruptionTarget";

    internal const string Reason = "PreemptionByScheduler";

    /// <summary>The pod with DisruptionTarget=True, or the same pod where it says so already.</summary>
    public static V1Pod Mark(V1Pod victim, DateTime now) => PodConditions.Set(
        victim,
        new V1PodCondition
        {
            Type = ConditionType,
            Status = "True",
            Reason = Reason,
            Message = $"{SchedulingTexts.Component}: preempting to accommodate a higher priority pod",
        },
        now);
}
