namespace Orleans.StatefulSets.Grains.Time;

/// <summary>
/// The one simulated clock: it drives timestamps, latencies, back-off, grace periods and ages. Wall speed, faster, or step by step.
/// </summary>
public abstract class ClusterClock
{
    /// <summary>The simulated time, UTC.</summary>
    public abstract DateTime Now { get; }

    /// <summary>The simulated time cut to whole seconds, as metav1.Time is written.</summary>
    public DateTime NowSeconds
    {
        get
        {
            var now = Now;
            return new DateTime(now.Ticks - (now.Ticks % TimeSpan.TicksPerSecond), DateTimeKind.Utc);
        }
    }

    /// <summary>Completes when the simulated time has reached a moment.</summary>
    public abstract Task WaitUntilAsync(DateTime due, CancellationToken cancellation);
}
