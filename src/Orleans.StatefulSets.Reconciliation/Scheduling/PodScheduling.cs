using k8s.Models;

namespace Orleans.StatefulSets.Reconciliation.Scheduling;

/// <summary>What the scheduler's outcome writes into a pod.</summary>
public static class PodScheduling
{
    private const string ConditionType = "PodScheduled";

    /// <summary>The pod with its node and PodScheduled=True, one write as the binding subresource makes it.</summary>
    public static V1Pod Bind(V1Pod pod, string node, DateTime now) => PodConditions.Set(
        pod with { Spec = pod.Spec with { NodeName = node } },
        new V1PodCondition { Type = ConditionType, Status = "True" },
        now);

    /// <summary>The pod with PodScheduled=False, or the same pod where it says so already.</summary>
    public static V1Pod MarkUnschedulable(V1Pod pod, string message, DateTime now) =>
        PodConditions.Set(pod, new V1PodCondition { Type = ConditionType, Status = "False", Reason = "Unschedulable", Message = message }, now);

    /// <summary>The same in one write with the node that preemption frees for it.</summary>
    /// <param name="pod">The pod.</param>
    /// <param name="message">Why no node will do yet.</param>
    /// <param name="nominatedNode"><c>status.nominatedNodeName</c>; "" takes it away.</param>
    /// <param name="now">The time.</param>
    public static V1Pod MarkUnschedulable(V1Pod pod, string message, string nominatedNode, DateTime now)
    {
        var marked = MarkUnschedulable(pod, message, now);
        return (marked.Status?.NominatedNodeName ?? "") == nominatedNode ? marked : Nominate(marked, nominatedNode);
    }

    /// <summary>The pod with that <c>status.nominatedNodeName</c>; "" takes it away.</summary>
    public static V1Pod Nominate(V1Pod pod, string node) =>
        pod with { Status = (pod.Status ?? new V1PodStatus()) with { NominatedNodeName = node.Length == 0 ? null : node } };

    /// <summary>The pod waiting for its gates, or the same pod where it says so already.</summary>
    public static V1Pod MarkGated(V1Pod pod, DateTime now) => PodConditions.Set(
        pod,
        new V1PodCondition
        {
            Type = ConditionType,
            Status = "False",
            Reason = "SchedulingGated",
            Message = "Scheduling is blocked due to non-empty scheduling gates",
        },
        now);
}
