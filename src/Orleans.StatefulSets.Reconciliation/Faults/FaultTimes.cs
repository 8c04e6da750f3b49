using Orleans.StatefulSets.Reconciliation.Pods;
using Orleans.StatefulSets.Resources.Decoding;
using Orleans.StatefulSets.Resources.Faults;

namespace Orleans.StatefulSets.Reconciliation.Faults;

/// <summary>When a Fault begins, ends and kills, in simulated time. All of it follows from what is stored.</summary>
internal static class FaultTimes
{
    /// <summary>When it is to begin.</summary>
    public static DateTime StartOf(V1alpha1Fault fault, DateTime now) =>
        (fault.Metadata.CreationTimestamp ?? WholeSeconds.Of(now)) + (Span(fault.Spec.StartAfter) ?? TimeSpan.Zero);

    /// <summary>When it is to end, once it has begun; null for not of itself.</summary>
    public static DateTime? EndOf(V1alpha1Fault fault) => fault.Status?.StartedAt is { } started && Span(fault.Spec.Duration) is { } lasts ? started + lasts : null;

    /// <summary>The number of the round of kills whose moment has come last, from 0.</summary>
    public static long RoundAt(V1alpha1Fault fault, DateTime started, DateTime now) =>
        Span(fault.Spec.Period) is { } period ? Math.Max(0, (now - started).Ticks / period.Ticks) : 0;

    /// <summary>When a round is to come; null for never.</summary>
    public static DateTime? MomentOf(V1alpha1Fault fault, DateTime started, long round) =>
        round == 0 ? started
        : Span(fault.Spec.Period) is { } period ? started + (period * round)
        : null;

    private static TimeSpan? Span(string? text) => text is not null && GoDuration.TryParse(text, out var span) && span > TimeSpan.Zero ? span : null;
}
