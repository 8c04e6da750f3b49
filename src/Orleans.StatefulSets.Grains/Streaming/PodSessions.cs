namespace Orleans.StatefulSets.Grains.Streaming;

/// <summary>
/// What clients have open into pods by way of this process: processes in the pods of its nodes and connections to them, whoever asked for
/// them, and whatever its own API began elsewhere. A process that leaves in order lets them come to their end first.
/// </summary>
public sealed class PodSessions
{
    private static readonly TimeSpan LookEvery = TimeSpan.FromMilliseconds(50);

    private readonly TimeProvider wall;
    private readonly NodeStreams streams;
    private int begun;
    private int leaving;

    internal PodSessions(NodeStreams streams, TimeProvider wall) => (this.streams, this.wall) = (streams, wall);

    /// <summary>How many are open.</summary>
    public int Open => Volatile.Read(ref begun) + streams.OfClients;

    /// <summary>Nothing is begun in the pods of this silo's nodes any more: who wants to waits until they are elsewhere.</summary>
    public bool IsLeaving => Volatile.Read(ref leaving) > 0;

    /// <summary>Lets nobody begin another one, and waits until all have ended.</summary>
    /// <param name="patience">How long they may take, of the host's time; what is open then is cut off.</param>
    public async Task LeaveAsync(TimeSpan patience)
    {
        Interlocked.Exchange(ref leaving, 1);
        for (var since = wall.GetTimestamp(); Open > 0 && wall.GetElapsedTime(since) < patience;)
        {
            await Task.Delay(LookEvery, wall);
        }
    }

    /// <summary>Counts one until it is disposed of. It counts before <see cref="IsLeaving"/> is read: who leaves either waits for it or has refused it.</summary>
    internal IDisposable Begin() => new Session(this);

    private sealed class Session : IDisposable
    {
        private PodSessions? sessions;

        public Session(PodSessions sessions)
        {
            this.sessions = sessions;
            Interlocked.Increment(ref sessions.begun);
        }

        public void Dispose()
        {
            if (Interlocked.Exchange(ref sessions, null) is { } counted)
            {
                Interlocked.Decrement(ref counted.begun);
            }
        }
    }
}
