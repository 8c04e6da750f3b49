using Orleans.StatefulSets.Reconciliation.Pods;
using Orleans.StatefulSets.Resources.Decoding;
using Orleans.StatefulSets.Resources.Faults;

namespace Orleans.StatefulSets.Reconciliation.Faults;

/// <summary>When a Fault begins, ends and kills, in simulated time. All of it follows from what is stored, which others may have written.</summary>
internal static class FaultTimes
{
    // A day before what a DateTime can hold: whoever waits for it may round it up.
    private static readonly DateTime Last = DateTime.SpecifyKind(DateTime.MaxValue.AddDays(-1), DateTimeKind.Utc);

    /// <summary>When it is to begin.</summary>
    public static DateTime StartOf(V1alpha1Fault fault, DateTime now) =>
        After(fault.Metadata.CreationTimestamp ?? WholeSeconds.Of(now), Span(fault.Spec.StartAfter) ?? TimeSpan.Zero);

    /// <summary>When it is to end, once it has begun; null for not of itself.</summary>
    public static DateTime? EndOf(V1alpha1Fault fault) => fault.Status?.StartedAt is { } started && Span(fault.Spec.Duration) is { } lasts ? After(started, lasts) : null;

    /// <summary>The number of the round of kills whose moment has come last, from 0.</summary>
    public static long RoundAt(V1alpha1Fault fault, DateTime started, DateTime now) =>
        Span(fault.Spec.Period) is { } period ? Math.Max(0, (now - started).Ticks / period.Ticks) : 0;

    /// <summary>When a round is to come; null for never.</summary>
    public static DateTime? MomentOf(V1alpha1Fault fault, DateTime started, long round) =>
        round == 0 ? After(started, TimeSpan.Zero)
        : Span(fault.Spec.Period) is not { } period ? null
        : round > (Last - started).Ticks / period.Ticks ? Last
        : After(started, period * round);

    private static DateTime After(DateTime time, TimeSpan span) => span > Last - time ? Last : time + span;

    private static TimeSpan? Span(string? text) => text is not null && GoDuration.TryParse(text, out var span) && span > TimeSpan.Zero ? span : null;
}
