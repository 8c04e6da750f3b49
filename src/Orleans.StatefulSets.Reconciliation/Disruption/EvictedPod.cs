using k8s.Models;
using Orleans.StatefulSets.Reconciliation.Pods;

namespace Orleans.StatefulSets.Reconciliation.Disruption;

/// <summary>How a pod says that it was evicted: condition DisruptionTarget (addConditionAndDeletePod of the eviction subresource).</summary>
public static class EvictedPod
{
    private const string DisruptionTarget = "DisruptionTarget";
    private const string Reason = "EvictionByEvictionAPI";
    private const string Message = "Eviction API: evicting";

    /// <summary>The pod with the condition; the same one where it has it.</summary>
    public static V1Pod Mark(V1Pod pod, DateTime now)
    {
        var before = PodReadiness.Condition(pod, DisruptionTarget);
        if (before is { Status: "True", Reason: Reason, Message: Message })
        {
            return pod;
        }

        var status = pod.Status ?? new V1PodStatus();
        var condition = new V1PodCondition
        {
            Type = DisruptionTarget,
            Status = "True",
            Reason = Reason,
            Message = Message,
            LastTransitionTime = before?.Status == "True" ? before.LastTransitionTime : now,
        };
        return pod with
        {
            Status = status with { Conditions = [.. (status.Conditions ?? []).Where(other => other.Type != DisruptionTarget), condition] },
        };
    }
}
