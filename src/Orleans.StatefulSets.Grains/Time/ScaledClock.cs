namespace Orleans.StatefulSets.Grains.Time;

/// <summary>
/// Simulated time that runs with the wall clock, at its speed or N times faster:
/// <c>simulated = anchor + (wall − wall anchor) × speed</c>. The anchors are stored, so a restart goes on where the line leads.
/// </summary>
/// <param name="wall">The wall clock.</param>
/// <param name="anchor">What the two clocks showed at one moment, and how fast the simulated one runs.</param>
public sealed class ScaledClock(TimeProvider wall, ClockAnchor anchor) : ClusterClock
{
    private volatile ClockAnchor anchor = anchor;

    /// <summary>Takes over the line that the cluster's stored settings give; before the cluster is ready, and once.</summary>
    public void Settle(ClockAnchor stored) => anchor = stored;

    /// <inheritdoc/>
    public override DateTime Now => anchor.SimulatedAt(wall.GetUtcNow().UtcDateTime);

    /// <inheritdoc/>
    public override Task WaitUntilAsync(DateTime due, CancellationToken cancellation)
    {
        var remaining = due - Now;
        if (remaining <= TimeSpan.Zero)
        {
            return Task.CompletedTask;
        }

        // Rounded up to a whole millisecond: a timer that fires early would only have to be set again.
        var milliseconds = Math.Min(Math.Ceiling(remaining.TotalMilliseconds / anchor.Speed), int.MaxValue - 1);
        return Task.Delay(TimeSpan.FromMilliseconds(milliseconds), wall, cancellation);
    }
}

/// <summary>One moment on both clocks, and the speed from there on.</summary>
/// <param name="Wall">The wall clock's time, UTC.</param>
/// <param name="Simulated">The simulated time at that moment, UTC.</param>
/// <param name="Speed">Simulated seconds a wall second.</param>
public sealed record ClockAnchor(DateTime Wall, DateTime Simulated, double Speed)
{
    /// <summary>The simulated time at a wall time; never before the anchor's.</summary>
    public DateTime SimulatedAt(DateTime wall) =>
        wall <= Wall ? Simulated : Simulated.AddTicks((long)((wall - Wall).Ticks * Speed));

    /// <summary>The anchor from now on with another speed; the simulated time does not jump.</summary>
    public ClockAnchor WithSpeed(DateTime wall, double speed) => speed == Speed ? this : new ClockAnchor(wall, SimulatedAt(wall), speed);
}
