using k8s.Models;

namespace Orleans.StatefulSets.Reconciliation.Nodes;

/// <summary>A node's conditions in upstream's words: the kubelet's, and the node lifecycle controller's when the kubelet is silent.</summary>
public static class NodeConditions
{
    private static readonly string[] Pressures = ["MemoryPressure", "DiskPressure", "PIDPressure"];

    /// <summary>What the kubelet of a node that is well reports.</summary>
    public static IList<V1NodeCondition> Healthy(DateTime now)
    {
        var time = Seconds(now);
        return
        [
            Condition("MemoryPressure", "False", "KubeletHasSufficientMemory", "kubelet has sufficient memory available", time),
            Condition("DiskPressure", "False", "KubeletHasNoDiskPressure", "kubelet has no disk pressure", time),
            Condition("PIDPressure", "False", "KubeletHasSufficientPID", "kubelet has sufficient PID available", time),
            Condition("Ready", "True", "KubeletReady", "kubelet is posting ready status", time),
        ];
    }

    /// <summary>What the controller writes for a kubelet that posts no more: everything Unknown; heartbeat times stay.</summary>
    public static IList<V1NodeCondition> Silent(IList<V1NodeCondition> current, DateTime now) =>
        [.. current.Select(condition => IsKubelets(condition.Type) && condition.Status != "Unknown"
            ? condition with
            {
                Status = "Unknown",
                Reason = "NodeStatusUnknown",
                Message = "Kubelet stopped posting node status.",
                LastTransitionTime = Seconds(now),
            }
            : condition)];

    /// <summary>The node's Ready condition is True.</summary>
    public static bool IsReady(V1Node node) => node.Status?.Conditions?.Any(condition => condition is { Type: "Ready", Status: "True" }) == true;

    private static bool IsKubelets(string type) => type == "Ready" || Pressures.Contains(type);

    private static V1NodeCondition Condition(string type, string status, string reason, string message, DateTime time) => new()
    {
        Type = type,
        Status = status,
        Reason = reason,
        Message = message,
        LastHeartbeatTime = time,
        LastTransitionTime = time,
    };

    private static DateTime Seconds(DateTime time) => new(time.Ticks - (time.Ticks % TimeSpan.TicksPerSecond), DateTimeKind.Utc);
}
