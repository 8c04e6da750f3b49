using k8s.Models;
using Orleans.StatefulSets.Reconciliation.Pods;
using Orleans.StatefulSets.Resources.Faults;

namespace Orleans.StatefulSets.Reconciliation.Faults;

/// <summary>A Fault's status in each of its phases.</summary>
internal static class FaultStatuses
{
    internal const string TimeIsOver = "DurationElapsed";
    internal const string CountReached = "CountReached";
    internal const string Done = "Done";

    private const string Condition = "Active";

    private static readonly Dictionary<string, string> Words = new()
    {
        [TimeIsOver] = "The fault lasted as long as it was to.",
        [CountReached] = "The fault happened as often as it was to.",
        [Done] = "The fault happened once.",
    };

    internal static V1alpha1Fault Begin(V1alpha1Fault fault, IReadOnlyList<V1alpha1FaultNode> nodes, DateTime now)
    {
        var begun = fault with
        {
            Status = new V1alpha1FaultStatus
            {
                Phase = FaultPhases.Active,
                StartedAt = WholeSeconds.Of(now),
                Nodes = nodes.Count == 0 ? null : [.. nodes],
                Injections = nodes.Count,
                ObservedGeneration = fault.Metadata.Generation,
                Conditions = [Active(fault, "True", "Started", "The fault happens.", now)],
            },
        };
        return begun with { Status = begun.Status with { EndsAt = FaultTimes.EndOf(begun) is { } ends ? WholeSeconds.Of(ends) : null } };
    }

    internal static V1alpha1Fault Finish(V1alpha1Fault fault, string reason, DateTime now) => fault with
    {
        Status = fault.Status! with
        {
            Phase = FaultPhases.Finished,
            EndsAt = fault.Status.EndsAt is { } planned && planned <= now ? planned : WholeSeconds.Of(now),
            Conditions = [Active(fault, "False", reason, Words[reason], now)],
        },
    };

    private static V1Condition Active(V1alpha1Fault fault, string status, string reason, string message, DateTime now) => new()
    {
        Type = Condition,
        Status = status,
        Reason = reason,
        Message = message,
        LastTransitionTime = WholeSeconds.Of(now),
        ObservedGeneration = fault.Metadata.Generation,
    };
}
