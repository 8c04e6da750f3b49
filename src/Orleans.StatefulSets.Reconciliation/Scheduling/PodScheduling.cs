using k8s.Models;
using Orleans.StatefulSets.Reconciliation.Pods;

namespace Orleans.StatefulSets.Reconciliation.Scheduling;

/// <summary>What the scheduler's outcome writes into a pod.</summary>
public static class PodScheduling
{
    private const string ConditionType = "PodScheduled";

    /// <summary>The pod with its node and PodScheduled=True, one write as the binding subresource makes it.</summary>
    public static V1Pod Bind(V1Pod pod, string node, DateTime now) => With(
        pod with { Spec = pod.Spec with { NodeName = node } },
        new V1PodCondition { Type = ConditionType, Status = "True" },
        now);

    /// <summary>The pod with PodScheduled=False, or the same pod where it says so already.</summary>
    public static V1Pod MarkUnschedulable(V1Pod pod, string message, DateTime now) =>
        With(pod, new V1PodCondition { Type = ConditionType, Status = "False", Reason = "Unschedulable", Message = message }, now);

    /// <summary>The pod waiting for its gates, or the same pod where it says so already.</summary>
    public static V1Pod MarkGated(V1Pod pod, DateTime now) => With(
        pod,
        new V1PodCondition
        {
            Type = ConditionType,
            Status = "False",
            Reason = "SchedulingGated",
            Message = "Scheduling is blocked due to non-empty scheduling gates",
        },
        now);

    private static V1Pod With(V1Pod pod, V1PodCondition condition, DateTime now)
    {
        var before = PodReadiness.Condition(pod, ConditionType);
        if (before is not null && before.Status == condition.Status && before.Reason == condition.Reason && before.Message == condition.Message)
        {
            return pod;
        }

        var stamped = condition with { LastTransitionTime = before?.Status == condition.Status ? before.LastTransitionTime : now };
        var conditions = (pod.Status?.Conditions ?? []).Where(other => other.Type != ConditionType).Append(stamped).ToList();
        return pod with { Status = (pod.Status ?? new V1PodStatus()) with { Conditions = conditions } };
    }
}
