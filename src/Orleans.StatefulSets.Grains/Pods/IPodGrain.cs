using Orleans.StatefulSets.Grains.Messages;
using Orleans.StatefulSets.Grains.Objects;

namespace Orleans.StatefulSets.Grains.Pods;

/// <summary>A Pod: its one writer, and the teller of its news.</summary>
[Alias("pod")]
public interface IPodGrain : IObjectGrain
{
    /// <summary>The scheduler's decision: nodeName and PodScheduled=True in one write. Refused where the pod is bound, going or another one.</summary>
    [Alias("bind")]
    Task<ObjectReply> Bind(string uid, string nodeName);

    /// <summary>The scheduler found no node: PodScheduled=False, Unschedulable, with its words.</summary>
    [Alias("mark-unschedulable")]
    Task<ObjectReply> MarkUnschedulable(string uid, string message);

    /// <summary>The pod waits for its scheduling gates: PodScheduled=False, SchedulingGated.</summary>
    [Alias("mark-gated")]
    Task<ObjectReply> MarkGated(string uid);

    /// <summary>The kubelet's word on how the pod is: the whole status. What others keep in it (their conditions) the kubelet has read and carries on.</summary>
    [Alias("report-status")]
    Task<ObjectReply> ReportStatus(string uid, [Immutable] Model status);

    /// <summary>The pod is about to be evicted: condition DisruptionTarget. Refused where the preconditions (V1Preconditions) do not hold.</summary>
    [Alias("mark-disrupted")]
    Task<ObjectReply> MarkDisrupted([Immutable] Model preconditions);

    /// <summary>The control plane lost the pod's node: its Ready condition goes False, whatever its kubelet said last.</summary>
    [Alias("mark-lost")]
    Task<ObjectReply> MarkLost(string uid);

    /// <summary>The pod's node will not end it any more: phase Failed, and condition DisruptionTarget where there is a reason.</summary>
    [Alias("mark-failed")]
    Task<ObjectReply> MarkFailed(string uid, string reason, string message);

    /// <summary>The pod is about to be deleted for a reason: condition DisruptionTarget.</summary>
    [Alias("mark-target")]
    Task<ObjectReply> MarkTarget(string uid, string reason, string message);

    /// <summary>The kubelet ended the pod: <c>deletionGracePeriodSeconds: 0</c>, one revision that watchers see.</summary>
    [Alias("mark-grace-zero")]
    Task<ObjectReply> MarkGraceZero(string uid);

    /// <summary>The pod's object goes, unless finalizers still hold it.</summary>
    [Alias("finish-deletion")]
    Task<ObjectReply> FinishDeletion(string uid);
}
