namespace Orleans.StatefulSets.Grains.Replicas;

/// <summary>One watch's bounded queue. Overflowing ends it: its reader lists again, and nobody waits for the slow.</summary>
internal sealed class ReplicaWatch(string? @namespace, int capacity, long start, Action<ReplicaWatch> closed) : IReplicaWatch
{
    private readonly Lock gate = new();
    private readonly Queue<ObjectChange> queue = new();
    private TaskCompletionSource<bool>? waiter;
    private long followed = start;
    private bool ended;

    /// <inheritdoc/>
    public long Progress
    {
        get
        {
            lock (gate)
            {
                return queue.TryPeek(out var next) ? next.Object.ResourceVersion - 1 : followed;
            }
        }
    }

    /// <inheritdoc/>
    public ValueTask<bool> WaitToReadAsync(CancellationToken cancellation)
    {
        lock (gate)
        {
            if (queue.Count > 0)
            {
                return new ValueTask<bool>(true);
            }

            if (ended)
            {
                return new ValueTask<bool>(false);
            }

            waiter ??= new TaskCompletionSource<bool>(TaskCreationOptions.RunContinuationsAsynchronously);
            return new ValueTask<bool>(waiter.Task.WaitAsync(cancellation));
        }
    }

    /// <inheritdoc/>
    public bool TryRead(out ObjectChange change)
    {
        lock (gate)
        {
            if (!queue.TryDequeue(out change))
            {
                return false;
            }

            // The replica says how far it has followed only after a whole slice; a bookmark must not lie before what was read.
            followed = Math.Max(followed, change.Object.ResourceVersion);
            return true;
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        End();
        closed(this);
    }

    /// <summary>Takes a change in, if it is one of this watch's namespace.</summary>
    public void Offer(ObjectChange change)
    {
        if (@namespace is not null && change.Object.Key.Namespace != @namespace)
        {
            return;
        }

        lock (gate)
        {
            if (ended)
            {
                return;
            }

            if (queue.Count >= capacity)
            {
                queue.Clear();
                EndLocked();
                return;
            }

            queue.Enqueue(change);
            Wake(true);
        }
    }

    /// <summary>Says that nothing up to this version is still to come.</summary>
    public void Follow(long version)
    {
        lock (gate)
        {
            followed = Math.Max(followed, version);
        }
    }

    /// <summary>Ends the watch: the replica has a gap, or the reader is gone.</summary>
    public void End()
    {
        lock (gate)
        {
            EndLocked();
        }
    }

    private void EndLocked()
    {
        ended = true;
        Wake(false);
    }

    private void Wake(bool readable)
    {
        waiter?.TrySetResult(readable);
        waiter = null;
    }
}
