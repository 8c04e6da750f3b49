using k8s.Models;
using Orleans.StatefulSets.Reconciliation.Pods;

namespace Orleans.StatefulSets.Reconciliation.Scheduling;

/// <summary>What the scheduler keeps of a pod that has a node.</summary>
internal sealed record PodTraits
{
    public required string Namespace { get; init; }

    public required string Name { get; init; }

    public required string Uid { get; init; }

    public required IDictionary<string, string>? Labels { get; init; }

    /// <summary>Whose pod it is: pods of one owner are kept apart.</summary>
    public required string Owner { get; init; }

    /// <summary>What it asks for.</summary>
    public required ResourceAmounts Requests { get; init; }

    public required IReadOnlyList<HostPort> Ports { get; init; }

    public required PodAffinities Affinities { get; init; }

    public required int Priority { get; init; }

    /// <summary>When its kubelet took it; what has not started counts as started last.</summary>
    public required DateTime StartTime { get; init; }

    public required bool IsTerminating { get; init; }

    /// <summary>It is terminating because the scheduler preempted it.</summary>
    public required bool IsPreempted { get; init; }

    public (string Namespace, string Name) Key => (Namespace, Name);

    public static PodTraits Of(V1Pod pod)
    {
        var controller = pod.Metadata.OwnerReferences?.FirstOrDefault(owner => owner.Controller == true);
        var terminating = PodReadiness.IsTerminating(pod);
        return new PodTraits
        {
            Namespace = pod.Metadata.NamespaceProperty,
            Name = pod.Metadata.Name,
            Uid = pod.Metadata.Uid,
            Labels = pod.Metadata.Labels,
            Owner = controller?.Uid ?? $"{pod.Metadata.NamespaceProperty}/{pod.Metadata.Name}",
            Requests = ResourceAmounts.RequestedBy(pod),
            Ports = HostPort.Of(pod),
            Affinities = PodAffinities.Of(pod),
            Priority = pod.Spec.Priority ?? 0,
            StartTime = pod.Status?.StartTime ?? DateTime.MaxValue,
            IsTerminating = terminating,
            IsPreempted = terminating && PodReadiness.Condition(pod, PodPreemption.ConditionType) is { Status: "True", Reason: PodPreemption.Reason },
        };
    }
}
