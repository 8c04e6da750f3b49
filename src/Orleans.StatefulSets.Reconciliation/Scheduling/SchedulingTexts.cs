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

    /// <summary>One reason for all nodes; nobody's going would help.</summary>
    internal static string Nowhere(int nodes, string reason) =>
        $"{Available(nodes)} {reason}. preemption: {Available(nodes)} {Count(nodes)} Preemption is not helpful for scheduling.";

    /// <summary>Each node's own reasons. All pods have one priority here, so preemption never finds a victim.</summary>
    internal static string Nowhere(IReadOnlyCollection<NodeRefusal> refusals)
    {
        var lasting = refusals.Count(refusal => refusal.IsLasting);
        var preemption = Histogram(
            Enumerable.Repeat("Preemption is not helpful for scheduling", lasting)
                .Concat(Enumerable.Repeat("No preemption victims found for incoming pod", refusals.Count - lasting)));
        var nodes = refusals.Count;
        return $"{Available(nodes)} {Histogram(refusals.SelectMany(refusal => refusal.Reasons))}. preemption: {Available(nodes)} {preemption}.";
    }

    private static string Available(int nodes) => $"0/{Count(nodes)} nodes are available:";

    private static string Histogram(IEnumerable<string> reasons) => string.Join(
        ", ", reasons.CountBy(reason => reason).Select(pair => $"{Count(pair.Value)} {pair.Key}").Order(StringComparer.Ordinal));

    private static string Count(int number) => number.ToString(CultureInfo.InvariantCulture);
}
