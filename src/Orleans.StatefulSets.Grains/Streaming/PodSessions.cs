namespace Orleans.StatefulSets.Grains.Streaming;

/// <summary>
/// What clients have open into pods by way of this process: processes that run in the pods of its nodes, whoever asked for them, and
/// whatever its own API began elsewhere. A process that leaves in order lets them come to their end first.
/// </summary>
public sealed class PodSessions
{
    // Who has begun one in the moment before nobody may any more.
    private static readonly TimeSpan LastMoment = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan LookEvery = TimeSpan.FromMilliseconds(50);

    private readonly TimeProvider wall;
    private readonly NodeStreams streams;
    private int begun;

    internal PodSessions(NodeStreams streams, TimeProvider wall) => (this.streams, this.wall) = (streams, wall);

    /// <summary>How many are open.</summary>
    public int Open => Volatile.Read(ref begun) + streams.Processes;

    /// <summary>Nothing is begun in the pods of this silo's nodes any more: who wants to waits until they are elsewhere.</summary>
    public bool IsLeaving { get; private set; }

    /// <summary>Waits until all have ended, and lets nobody begin another one.</summary>
    /// <param name="patience">How long they may take, of the host's time; what is open then is cut off.</param>
    public async Task LeaveAsync(TimeSpan patience)
    {
        await EndAsync(patience);
        IsLeaving = true;
        await EndAsync(patience < LastMoment ? patience : LastMoment);
    }

    internal void Begin() => Interlocked.Increment(ref begun);

    internal void End() => Interlocked.Decrement(ref begun);

    private async Task EndAsync(TimeSpan patience)
    {
        for (var since = wall.GetTimestamp(); Open > 0 && wall.GetElapsedTime(since) < patience;)
        {
            await Task.Delay(LookEvery, wall);
        }
    }
}
