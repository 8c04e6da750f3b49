using k8s.Models;
using Orleans.StatefulSets.Reconciliation.Pods;

namespace Orleans.StatefulSets.Reconciliation.Disruption;

/// <summary>Why a pod is about to go.</summary>
/// <param name="Reason">One word in CamelCase.</param>
/// <param name="Message">The sentence beside it.</param>
public sealed record DisruptionCause(string Reason, string Message)
{
    /// <summary>Somebody asked for its eviction (addConditionAndDeletePod of the eviction subresource).</summary>
    public static DisruptionCause Eviction { get; } = new("EvictionByEvictionAPI", "Eviction API: evicting");

    /// <summary>Its node has a taint that it does not tolerate (<c>pkg/controller/tainteviction</c>).</summary>
    public static DisruptionCause Taint { get; } = new("DeletionByTaintManager", "Taint manager: deleting due to NoExecute taint");

    /// <summary>Its node is gone (<c>pkg/controller/podgc</c>).</summary>
    public static DisruptionCause LostNode { get; } = new("DeletionByPodGC", "PodGC: node no longer exists");
}

/// <summary>How a pod says that it is about to go: condition DisruptionTarget.</summary>
public static class EvictedPod
{
    private const string DisruptionTarget = "DisruptionTarget";

    /// <summary>The pod with the condition; the same one where it has it.</summary>
    public static V1Pod Mark(V1Pod pod, DisruptionCause cause, DateTime now)
    {
        var before = PodReadiness.Condition(pod, DisruptionTarget);
        if (before is { Status: "True" } && before.Reason == cause.Reason && before.Message == cause.Message)
        {
            return pod;
        }

        var status = pod.Status ?? new V1PodStatus();
        var condition = new V1PodCondition
        {
            Type = DisruptionTarget,
            Status = "True",
            Reason = cause.Reason,
            Message = cause.Message,
            LastTransitionTime = before?.Status == "True" ? before.LastTransitionTime : now,
        };
        return pod with
        {
            Status = status with { Conditions = [.. (status.Conditions ?? []).Where(other => other.Type != DisruptionTarget), condition] },
        };
    }
}
