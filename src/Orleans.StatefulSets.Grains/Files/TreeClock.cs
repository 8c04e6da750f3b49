using Orleans.StatefulSets.Grains.Time;

namespace Orleans.StatefulSets.Grains.Files;

/// <summary>The simulated clock, as files ask for the time of a change.</summary>
internal sealed class TreeClock(ClusterClock clock) : TimeProvider
{
    /// <inheritdoc/>
    public override DateTimeOffset GetUtcNow() => new(clock.Now);
}
