namespace Orleans.StatefulSets.Grains.Time;

/// <summary>Simulated time that stands still until somebody moves it: for tests, and for stepping through what a cluster does.</summary>
public sealed class ManualClock(DateTime start) : ClusterClock
{
    private readonly Lock gate = new();
    private readonly PriorityQueue<TaskCompletionSource, DateTime> waiting = new();
    private DateTime now = start;

    /// <inheritdoc/>
    public override DateTime Now
    {
        get
        {
            lock (gate)
            {
                return now;
            }
        }
    }

    /// <summary>Moves the clock; whoever waited for a moment up to the new one goes on, earliest first.</summary>
    public void Advance(TimeSpan by)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(by, TimeSpan.Zero);
        List<TaskCompletionSource> due = [];
        lock (gate)
        {
            now += by;
            while (waiting.TryPeek(out _, out var moment) && moment <= now)
            {
                due.Add(waiting.Dequeue());
            }
        }

        foreach (var waiter in due)
        {
            waiter.TrySetResult();
        }
    }

    /// <inheritdoc/>
    public override Task WaitUntilAsync(DateTime due, CancellationToken cancellation)
    {
        var waiter = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        lock (gate)
        {
            if (due <= now)
            {
                return Task.CompletedTask;
            }

            waiting.Enqueue(waiter, due);
        }

        return waiter.Task.WaitAsync(cancellation);
    }
}
