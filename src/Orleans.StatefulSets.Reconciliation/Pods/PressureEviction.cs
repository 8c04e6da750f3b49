using k8s.Models;
using Orleans.StatefulSets.Reconciliation.Events;
using Orleans.StatefulSets.Reconciliation.Nodes;

namespace Orleans.StatefulSets.Reconciliation.Pods;

/// <summary>
/// A kubelet whose node is short of something ends one pod after another until it is not
/// (<c>pkg/kubelet/eviction</c>; https://kubernetes.io/docs/concepts/scheduling-eviction/node-pressure-eviction/). Nothing is measured
/// here: a node is short of what its conditions say, and whoever sets them takes them back.
/// </summary>
public static class PressureEviction
{
    /// <summary>How often a kubelet looks, and so the time between two evictions.</summary>
    public static readonly TimeSpan Every = TimeSpan.FromSeconds(10);

    /// <summary>Pods from this priority on are never evicted: system-cluster-critical.</summary>
    internal const int CriticalPriority = 2_000_000_000;

    private static readonly Dictionary<string, string> Resources = new()
    {
        ["MemoryPressure"] = "memory",
        ["DiskPressure"] = "ephemeral-storage",
        ["PIDPressure"] = "pids",
    };

    /// <summary>The resource that the node is short of, or null.</summary>
    public static string? ShortOf(V1Node node) => NodeConditions.PressuresOf(node).Select(pressure => Resources[pressure]).FirstOrDefault();

    /// <summary>Whom it takes first: the least important, among them those without guarantees, among them the youngest.</summary>
    public static V1Pod? First(IEnumerable<V1Pod> pods) => pods
        .Where(pod => !PodReadiness.IsTerminal(pod) && !PodReadiness.IsTerminating(pod) && pod.Status?.StartTime is not null && (pod.Spec.Priority ?? 0) < CriticalPriority)
        .OrderBy(pod => pod.Spec.Priority ?? 0)
        .ThenBy(pod => pod.Status.QosClass switch { "Guaranteed" => 2, "Burstable" => 1, _ => 0 })
        .ThenByDescending(pod => pod.Status.StartTime)
        .ThenBy(pod => pod.Metadata.Name, StringComparer.Ordinal)
        .FirstOrDefault();

    /// <summary>The pod's status when the kubelet has ended it.</summary>
    public static V1PodStatus Evicted(V1Pod pod, string resource, DateTime now)
    {
        var time = WholeSeconds.Of(now);
        var ended = pod.Status with
        {
            Phase = "Failed",
            Reason = "Evicted",
            Message = Message(resource),
            ContainerStatuses = End(pod.Status.ContainerStatuses, time),
            InitContainerStatuses = End(pod.Status.InitContainerStatuses, time),
        };
        var target = new V1PodCondition
        {
            Type = "DisruptionTarget",
            Status = "True",
            Reason = "TerminationByKubelet",
            Message = Message(resource),
            LastTransitionTime = time,
        };
        return ended with { Conditions = [target, .. PodConditions.Next(pod, ended, sandboxReady: false, time).Where(condition => condition.Type != target.Type)] };
    }

    /// <summary>What the kubelet tells of the pod.</summary>
    public static ObjectEvent Event(string resource, string nodeName) => ObjectEvent.Warning(KubeletEvents.Component, "Evicted", Message(resource), nodeName);

    /// <summary>What it tells of its node.</summary>
    public static ObjectEvent NodeEvent(string resource, string nodeName) =>
        ObjectEvent.Warning(KubeletEvents.Component, "EvictionThresholdMet", $"Attempting to reclaim {resource}", nodeName);

    private static string Message(string resource) => $"The node was low on resource: {resource}. ";

    private static List<V1ContainerStatus>? End(IList<V1ContainerStatus>? statuses, DateTime now) => statuses is null ? null :
    [
        .. statuses.Select(status => status.State?.Running is not null ? ContainerStatuses.Ended(status, ContainerStop.KilledExitCode, now)
            : status.State?.Waiting is not null ? ContainerStatuses.NeverRan(status)
            : status),
    ];
}
