using System.Globalization;
using Orleans.StatefulSets.Reconciliation.Events;

namespace Orleans.StatefulSets.Reconciliation.Scheduling;

/// <summary>What the default scheduler says (<c>pkg/scheduler/framework/types.go</c>, <c>schedule_one.go</c>, <c>preemption.go</c>).</summary>
public static class SchedulingTexts
{
    /// <summary>The component that the events come from.</summary>
    public const string Component = "default-scheduler";

    internal const string NoNodes = "no nodes available to schedule pods";

    public static ObjectEvent Scheduled(string @namespace, string pod, string node) =>
        ObjectEvent.Normal(Component, "Scheduled", $"Successfully assigned {@namespace}/{pod} to {node}");

    public static ObjectEvent FailedScheduling(string message) => ObjectEvent.Warning(Component, "FailedScheduling", message);

    /// <summary>What a victim's events say.</summary>
    public static ObjectEvent Preempted(string preemptorUid, string node) =>
        ObjectEvent.Normal(Component, "Preempted", $"Preempted by pod {preemptorUid} on node {node}");

    /// <summary>One reason for all nodes; nobody's going would help.</summary>
    internal static string Nowhere(int nodes, string reason) =>
        $"{Available(nodes)} {reason}. preemption: {Available(nodes)} {Count(nodes)} Preemption is not helpful for scheduling.";

    /// <summary>Each node's own reasons.</summary>
    internal static string Nowhere(IReadOnlyCollection<NodeRefusal> refusals) => Histogram(refusals.Count, refusals.SelectMany(refusal => refusal.Reasons));

    /// <summary>The same with what preemption said; it says nothing where it found victims.</summary>
    internal static string Nowhere(IReadOnlyCollection<NodeRefusal> refusals, string preemption) =>
        preemption.Length == 0 ? Nowhere(refusals) : $"{Nowhere(refusals)} preemption: {preemption}";

    /// <summary>FitError: how often each reason, in the order of their texts.</summary>
    internal static string Histogram(int nodes, IEnumerable<string> reasons)
    {
        var counted = reasons.CountBy(reason => reason).Select(pair => $"{Count(pair.Value)} {pair.Key}").Order(StringComparer.Ordinal);
        return $"{Available(nodes)} {string.Join(", ", counted)}.";
    }

    private static string Available(int nodes) => $"0/{Count(nodes)} nodes are available:";

    private static string Count(int number) => number.ToString(CultureInfo.InvariantCulture);
}
