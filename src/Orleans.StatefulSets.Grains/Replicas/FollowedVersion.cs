namespace Orleans.StatefulSets.Grains.Replicas;

/// <summary>
/// The version that a copy has followed to with all its indexes, and who waits for one. They come a moment after the tables, and whoever
/// waited may ask them.
/// </summary>
internal sealed class FollowedVersion
{
    private readonly PriorityQueue<TaskCompletionSource, long> waiting = new();
    private long version;

    /// <summary>The version.</summary>
    public long Value
    {
        get
        {
            lock (waiting)
            {
                return version;
            }
        }
    }

    /// <summary>How many wait.</summary>
    public int Waiting
    {
        get
        {
            lock (waiting)
            {
                return waiting.Count;
            }
        }
    }

    /// <summary>Completes when it has come to a version.</summary>
    /// <exception cref="TimeoutException">It has not in that time.</exception>
    public async Task ReachesAsync(long awaited, TimeSpan timeout, CancellationToken cancellation)
    {
        TaskCompletionSource waiter;
        lock (waiting)
        {
            if (version >= awaited)
            {
                return;
            }

            waiter = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            waiting.Enqueue(waiter, awaited);
        }

        try
        {
            await waiter.Task.WaitAsync(timeout, cancellation);
        }
        catch
        {
            // The version may never come, and nobody waits for it any more.
            lock (waiting)
            {
                waiting.Remove(waiter, out _, out _);
            }

            throw;
        }
    }

    /// <summary>It has come to a version; it never goes back.</summary>
    public void Advance(long reached)
    {
        lock (waiting)
        {
            version = Math.Max(version, reached);
            while (waiting.TryPeek(out _, out var awaited) && awaited <= reached)
            {
                waiting.Dequeue().TrySetResult();
            }
        }
    }
}
