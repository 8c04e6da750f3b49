using Orleans.StatefulSets.Grains.Journal;

namespace Orleans.StatefulSets.Grains.Replicas;

/// <summary>
/// One watch: its place in the chain of changes. Lagging too far ends it: its reader lists again, and nobody waits for the slow.
/// </summary>
/// <param name="namespace">A namespace, or null for all.</param>
/// <param name="bounds">How far a watch may lag.</param>
/// <param name="backlog">Changes from before the watch began, already of its resource.</param>
/// <param name="start">The last link of the chain, and the version of the replica at that moment.</param>
/// <param name="closed">Called when the reader goes.</param>
internal sealed class ReplicaWatch(
    string? @namespace, JournalOptions bounds, IEnumerable<ObjectChange> backlog, (ChangeChain.Link Link, long Version) start, Action<ReplicaWatch> closed)
    : IReplicaWatch
{
    private readonly Lock gate = new();
    private readonly Queue<ObjectChange> past = new(backlog.Where(change => IsOf(@namespace, change)));
    private ChangeChain.Link read = start.Link;
    private TaskCompletionSource<bool>? waiter;
    private long followed = start.Version;
    private bool ended;

    /// <inheritdoc/>
    public long Progress
    {
        get
        {
            lock (gate)
            {
                return TryPeek(out var next) ? next.Object.ResourceVersion - 1 : followed;
            }
        }
    }

    /// <inheritdoc/>
    public ValueTask<bool> WaitToReadAsync(CancellationToken cancellation)
    {
        lock (gate)
        {
            if (TryPeek(out _))
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
            if (!TryPeek(out change))
            {
                return false;
            }

            if (!past.TryDequeue(out _))
            {
                read = read.Next!;
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

    /// <summary>Takes note of a new last link.</summary>
    public void Offer(ChangeChain.Link link)
    {
        lock (gate)
        {
            if (ended)
            {
                return;
            }

            if (link.Count - read.Count > bounds.WatchBuffer || link.Bytes - read.Bytes > bounds.WatchBufferBytes)
            {
                SkipOthers();
            }

            if (link.Count - read.Count > bounds.WatchBuffer || link.Bytes - read.Bytes > bounds.WatchBufferBytes)
            {
                past.Clear();
                read = ChangeChain.End;
                EndLocked();
            }
            else if (IsOf(@namespace, link.Change))
            {
                Wake(true);
            }
            else if (read.Next == link)
            {
                // A reader that waits never comes to skip what is not for it.
                read = link;
            }
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

    private static bool IsOf(string? @namespace, ObjectChange change) => @namespace is null || change.Object.Key.Namespace == @namespace;

    private bool TryPeek(out ObjectChange next)
    {
        if (past.TryPeek(out next))
        {
            return true;
        }

        SkipOthers();
        next = read.Next?.Change ?? default;
        return read.Next is not null;
    }

    private void SkipOthers()
    {
        while (read.Next is { } link && !IsOf(@namespace, link.Change))
        {
            read = link;
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
