using k8s.Models;

namespace Orleans.StatefulSets.Reconciliation.Nodes;

/// <summary>The taints that the node lifecycle controller keeps (<c>pkg/controller/nodelifecycle</c>); all others are their owners'.</summary>
public static class NodeTaints
{
    public const string NotReady = "node.kubernetes.io/not-ready";
    public const string Unreachable = "node.kubernetes.io/unreachable";
    public const string Unschedulable = "node.kubernetes.io/unschedulable";
    public const string OutOfService = "node.kubernetes.io/out-of-service";

    /// <summary>A node that is short of memory has it.</summary>
    internal static readonly V1Taint MemoryPressure = new() { Key = "node.kubernetes.io/memory-pressure", Effect = "NoSchedule" };

    /// <summary>How often the node lifecycle controller looks at each node: <c>--node-monitor-period</c>.</summary>
    private static readonly TimeSpan MonitorPeriod = TimeSpan.FromSeconds(5);

    private const string NoSchedule = "NoSchedule";
    private const string NoExecute = "NoExecute";

    private static readonly (string Condition, string Key)[] Pressures =
    [
        ("MemoryPressure", MemoryPressure.Key),
        ("DiskPressure", "node.kubernetes.io/disk-pressure"),
        ("PIDPressure", "node.kubernetes.io/pid-pressure"),
        ("NetworkUnavailable", "node.kubernetes.io/network-unavailable"),
    ];

    /// <summary>The node's taints as they should be; the same list where they are.</summary>
    /// <param name="node">The node.</param>
    /// <param name="mode">What may be done to the pods of nodes that are lost, see <see cref="ZoneHealth"/>.</param>
    /// <param name="now">The simulated time, for the <c>timeAdded</c> of taints.</param>
    public static IList<V1Taint>? Next(V1Node node, EvictionMode mode, DateTime now)
    {
        var current = node.Spec?.Taints ?? [];
        var wanted = Wanted(node, mode, now).ToList();
        List<V1Taint> next = [.. current.Where(taint => !IsKept(taint) || wanted.Contains((taint.Key, taint.Effect)))];
        foreach (var (key, effect) in wanted)
        {
            if (!next.Exists(taint => taint.Key == key && taint.Effect == effect))
            {
                next.Add(new V1Taint { Key = key, Effect = effect, TimeAdded = now });
            }
        }

        return next.Count == current.Count && next.SequenceEqual(current) ? node.Spec?.Taints : next;
    }

    /// <summary>
    /// When a lost node gets the taint that evicts: the controller writes that it is lost in one look at it, and taints it in the next.
    /// Null where that is not to come.
    /// </summary>
    public static DateTime? EvictsFrom(V1Node node, EvictionMode mode)
    {
        if (mode != EvictionMode.Evicting || IsTaintedToEvict(node)
            || node.Status?.Conditions?.FirstOrDefault(condition => condition.Type == "Ready") is not { Status: not "True" } lost)
        {
            return null;
        }

        return (lost.LastTransitionTime ?? DateTime.MinValue) + MonitorPeriod;
    }

    /// <summary>The taints that evict pods.</summary>
    public static IReadOnlyList<V1Taint> Evicting(V1Node node) => [.. (node.Spec?.Taints ?? []).Where(taint => taint.Effect == NoExecute)];

    /// <summary>An administrator says that the machine is off for good: its pods may go without its kubelet's word.</summary>
    public static bool IsOutOfService(V1Node node) => node.Spec?.Taints?.Any(taint => taint.Key == OutOfService) == true;

    private static bool IsTaintedToEvict(V1Node node) =>
        node.Spec?.Taints?.Any(taint => taint is { Effect: NoExecute, Key: NotReady or Unreachable }) == true;

    // A taint that evicts is swapped for the other at once, however many nodes are lost; only the first waits.
    private static bool IsToEvict(V1Node node, EvictionMode mode, DateTime now) =>
        mode != EvictionMode.Stopped && (IsTaintedToEvict(node) || EvictsFrom(node, mode) <= now);

    private static IEnumerable<(string Key, string Effect)> Wanted(V1Node node, EvictionMode mode, DateTime now)
    {
        var ready = NodeConditions.Status(node, "Ready") ?? "False";
        if (ready != "True")
        {
            var key = ready == "Unknown" ? Unreachable : NotReady;
            yield return (key, NoSchedule);
            if (IsToEvict(node, mode, now))
            {
                yield return (key, NoExecute);
            }
        }

        foreach (var (condition, key) in Pressures)
        {
            if (NodeConditions.Status(node, condition) == "True")
            {
                yield return (key, NoSchedule);
            }
        }

        if (node.Spec?.Unschedulable == true)
        {
            yield return (Unschedulable, NoSchedule);
        }
    }

    private static bool IsKept(V1Taint taint) => taint.Effect switch
    {
        NoSchedule => taint.Key is NotReady or Unreachable or Unschedulable || Pressures.Any(pressure => pressure.Key == taint.Key),
        NoExecute => taint.Key is NotReady or Unreachable,
        _ => false,
    };
}
