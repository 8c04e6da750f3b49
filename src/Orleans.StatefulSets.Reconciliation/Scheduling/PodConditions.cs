using k8s.Models;
using Orleans.StatefulSets.Reconciliation.Pods;

namespace Orleans.StatefulSets.Reconciliation.Scheduling;

/// <summary>UpdatePodCondition (<c>pkg/api/v1/pod/util.go</c>): a transition is a change of status, and what says the same stays.</summary>
internal static class PodConditions
{
    public static V1Pod Set(V1Pod pod, V1PodCondition condition, DateTime now)
    {
        var before = PodReadiness.Condition(pod, condition.Type);
        if (before is not null && before.Status == condition.Status && before.Reason == condition.Reason && before.Message == condition.Message)
        {
            return pod;
        }

        var stamped = condition with { LastTransitionTime = before?.Status == condition.Status ? before.LastTransitionTime : now };
        var conditions = (pod.Status?.Conditions ?? []).Where(other => other.Type != condition.Type).Append(stamped).ToList();
        return pod with { Status = (pod.Status ?? new V1PodStatus()) with { Conditions = conditions } };
    }
}
