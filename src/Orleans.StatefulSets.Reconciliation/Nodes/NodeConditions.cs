using k8s.Models;

namespace Orleans.StatefulSets.Reconciliation.Nodes;

/// <summary>A node's conditions in upstream's words: the kubelet's, and the node lifecycle controller's when the kubelet is silent.</summary>
public static class NodeConditions
{
    private static readonly (string Type, string Status, string Reason, string Message)[] Words =
    [
        ("MemoryPressure", "True", "KubeletHasInsufficientMemory", "kubelet has insufficient memory available"),
        ("MemoryPressure", "False", "KubeletHasSufficientMemory", "kubelet has sufficient memory available"),
        ("DiskPressure", "True", "KubeletHasDiskPressure", "kubelet has disk pressure"),
        ("DiskPressure", "False", "KubeletHasNoDiskPressure", "kubelet has no disk pressure"),
        ("PIDPressure", "True", "KubeletHasInsufficientPID", "kubelet has insufficient PID available"),
        ("PIDPressure", "False", "KubeletHasSufficientPID", "kubelet has sufficient PID available"),
    ];

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

    /// <summary>The status of a condition, or null where the node has none of that type.</summary>
    public static string? Status(V1Node node, string type) => node.Status?.Conditions?.FirstOrDefault(condition => condition.Type == type)?.Status;

    /// <summary>What the controller writes for a node of which no kubelet ever posted anything.</summary>
    public static IList<V1NodeCondition> NeverPosted(V1Node node, DateTime now) =>
    [
        .. (node.Status?.Conditions ?? []).Where(condition => !IsKubelets(condition.Type)),
        .. new[] { "Ready" }.Concat(Pressures).Select(type => Condition(type, "Unknown", "NodeStatusNeverUpdated", "Kubelet never posted node status.", Seconds(now)) with
        {
            LastHeartbeatTime = node.Metadata.CreationTimestamp,
        }),
    ];

    /// <summary>
    /// The conditions in the kubelet's words for what somebody set them to, and what it tells of those that changed; null where they say
    /// it already.
    /// </summary>
    public static (IList<V1NodeCondition> Conditions, IReadOnlyList<string> Events)? Worded(V1Node node, DateTime now)
    {
        var current = node.Status?.Conditions ?? [];
        List<string> events = [];
        List<V1NodeCondition> next = [];
        foreach (var condition in current)
        {
            var (type, status) = (condition.Type, condition.Status);
            var words = Array.Find(Words, words => words.Type == type && words.Status == status);
            if (words.Reason is null || condition.Reason == words.Reason)
            {
                next.Add(condition);
                continue;
            }

            next.Add(condition with { Reason = words.Reason, Message = words.Message, LastTransitionTime = Seconds(now), LastHeartbeatTime = Seconds(now) });
            events.Add(words.Reason.Replace("Kubelet", "Node", StringComparison.Ordinal));
        }

        return events.Count == 0 ? null : (next, events);
    }

    /// <summary>What the node is short of, by the conditions that say so.</summary>
    public static IReadOnlyList<string> PressuresOf(V1Node node) => [.. Pressures.Where(pressure => Status(node, pressure) == "True")];

    /// <summary>The conditions after the kubelet posted that all is well; what others keep stays, and so do the times of what did not change.</summary>
    public static IList<V1NodeCondition> Posted(IList<V1NodeCondition>? current, DateTime now) =>
    [
        .. (current ?? []).Where(condition => !IsKubelets(condition.Type)),
        .. Healthy(now).Select(condition => current?.FirstOrDefault(old => old.Type == condition.Type) is { } old && old.Status == condition.Status
            ? condition with { LastTransitionTime = old.LastTransitionTime }
            : condition),
    ];

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
