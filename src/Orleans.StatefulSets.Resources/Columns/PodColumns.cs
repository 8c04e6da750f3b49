using k8s.Models;

namespace Orleans.StatefulSets.Resources.Columns;

/// <summary>printPod.</summary>
internal static class PodColumns
{
    private const string None = "<none>";

    public static readonly TableLayout Layout = Column.Layout<V1Pod>(
        [
            Column.Name,
            Column.Text("Ready", "The aggregate readiness state of this pod for accepting traffic."),
            Column.Text("Status", "The aggregate status of the containers in this pod."),
            Column.Text("Restarts", "The number of times the containers in this pod have been restarted and when the last container in this pod has restarted."),
            Column.Age,
            Column.Wide("IP", "podIP address allocated to the pod. Routable at least within the cluster. Empty if not yet allocated."),
            Column.Wide(
                "Node",
                "NodeName indicates in which node this pod is scheduled. If empty, this pod is a candidate for scheduling by the scheduler defined in"
                + " schedulerName. Once this field is set, the kubelet for this node becomes responsible for the lifecycle of this pod. This field should not"
                + " be used to express a desire for the pod to be scheduled on a specific node."
                + " https://kubernetes.io/docs/concepts/scheduling-eviction/assign-pod-node/#nodename"),
            Column.Wide(
                "Nominated Node",
                "nominatedNodeName is set only when this pod preempts other pods on the node, but it cannot be scheduled right away as preemption victims"
                + " receive their graceful termination periods. This field does not guarantee that the pod will be scheduled on this node. Scheduler may decide"
                + " to place the pod elsewhere if other nodes become available sooner. Scheduler may also decide to give the resources on this node to a higher"
                + " priority pod that is created after preemption. As a result, this field may be different than PodSpec.nodeName when the pod is scheduled."),
            Column.Wide(
                "Readiness Gates",
                "If specified, all readiness gates will be evaluated for pod readiness. A pod is ready when all its containers are ready AND all conditions"
                + " specified in the readiness gates have status equal to \"True\" More info: https://git.k8s.io/enhancements/keps/sig-network/580-pod-readiness-gates"),
        ],
        Cells);

    private static object?[] Cells(V1Pod pod, DateTime now)
    {
        var summary = PodSummary.Of(pod);
        var restarts = summary is { Restarts: not 0, LastRestart: { } last }
            ? $"{summary.Restarts} ({HumanDuration.Since(last, now)} ago)"
            : summary.Restarts.ToString(System.Globalization.CultureInfo.InvariantCulture);
        return
        [
            pod.Metadata.Name,
            $"{summary.Ready}/{summary.Total}",
            summary.Status,
            restarts,
            HumanDuration.Since(pod.Metadata.CreationTimestamp, now),
            OrNone(pod.Status?.PodIPs is { Count: > 0 } addresses ? addresses[0].Ip : pod.Status?.PodIP),
            OrNone(pod.Spec?.NodeName),
            OrNone(pod.Status?.NominatedNodeName),
            Gates(pod),
        ];
    }

    private static string Gates(V1Pod pod)
    {
        if (pod.Spec?.ReadinessGates is not { Count: > 0 } gates)
        {
            return None;
        }

        var passed = gates.Count(gate => pod.Status?.Conditions?.Any(condition => condition.Type == gate.ConditionType && condition.Status == "True") == true);
        return $"{passed}/{gates.Count}";
    }

    private static string OrNone(string? text) => string.IsNullOrEmpty(text) ? None : text;
}
