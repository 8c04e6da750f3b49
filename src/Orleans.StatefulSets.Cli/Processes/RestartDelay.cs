namespace Orleans.StatefulSets.Cli.Processes;

/// <summary>How long to wait before something that died is started again: as Docker does it, twice as long each time, over again once it ran for a while.</summary>
internal sealed class RestartDelay(TimeProvider time)
{
    public static readonly TimeSpan Shortest = TimeSpan.FromMilliseconds(100);
    public static readonly TimeSpan Longest = TimeSpan.FromMinutes(1);

    /// <summary>What ran this long is not one of those that die as soon as they are started.</summary>
    public static readonly TimeSpan LongEnough = TimeSpan.FromSeconds(10);

    private TimeSpan next = Shortest;
    private (long Asked, TimeSpan Given)? last;

    /// <summary>It died: after this long it may be started again.</summary>
    public TimeSpan Next()
    {
        if (last is { } before && time.GetElapsedTime(before.Asked) > before.Given + LongEnough)
        {
            next = Shortest;
        }

        last = (time.GetTimestamp(), next);
        next = next * 2 < Longest ? next * 2 : Longest;
        return last.Value.Given;
    }
}
