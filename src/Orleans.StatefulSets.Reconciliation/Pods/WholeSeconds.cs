namespace Orleans.StatefulSets.Reconciliation.Pods;

/// <summary>Times as metav1.Time stores them, so that what is decided from memory and from storage is the same.</summary>
internal static class WholeSeconds
{
    internal static DateTime Of(DateTime time) => new(time.Ticks - (time.Ticks % TimeSpan.TicksPerSecond), DateTimeKind.Utc);

    /// <summary>The moment of which <paramref name="stored"/> is the whole second, where it is known; other news is no news of it.</summary>
    internal static DateTime Exact(DateTime stored, DateTime? known) => known is { } moment && Of(moment) == stored ? moment : stored;
}
