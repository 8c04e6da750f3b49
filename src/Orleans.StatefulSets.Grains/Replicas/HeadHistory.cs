namespace Orleans.StatefulSets.Grains.Replicas;

/// <summary>
/// Where the head was some while ago: lists of before are not shown any more, as an etcd that is compacted every five minutes has none.
/// </summary>
/// <param name="kept">How far back, in wall time: it is clients that need their time, however fast the cluster's runs.</param>
/// <param name="wall">The wall clock.</param>
internal sealed class HeadHistory(TimeSpan kept, TimeProvider wall)
{
    private static readonly TimeSpan Grain = TimeSpan.FromSeconds(1);

    private readonly Lock gate = new();
    private readonly Queue<(long At, long Head)> marks = new();
    private long marked = long.MinValue;
    private long forgotten;

    /// <summary>The head now; remembered once a second.</summary>
    public void Note(long head)
    {
        lock (gate)
        {
            var now = wall.GetTimestamp();
            if (marked != long.MinValue && wall.GetElapsedTime(marked, now) < Grain)
            {
                return;
            }

            marked = now;
            marks.Enqueue((now, head));
            Forget(now);
        }
    }

    /// <summary>Where the head was so long ago; lower versions are forgotten.</summary>
    public long Forgotten()
    {
        lock (gate)
        {
            Forget(wall.GetTimestamp());
            return forgotten;
        }
    }

    private void Forget(long now)
    {
        while (marks.TryPeek(out var oldest) && wall.GetElapsedTime(oldest.At, now) >= kept)
        {
            forgotten = marks.Dequeue().Head;
        }
    }
}
