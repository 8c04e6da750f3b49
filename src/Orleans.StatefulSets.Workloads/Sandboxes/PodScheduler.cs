namespace Orleans.StatefulSets.Workloads.Sandboxes;

/// <summary>
/// Runs what happens in one pod: one thing at a time, in the order in which it came, on whatever thread of the pool is free. It can be
/// stopped between two things, and goes on where it was; while nothing happens it costs neither thread nor timer.
/// </summary>
internal sealed class PodScheduler : TaskScheduler, IThreadPoolWorkItem
{
    // One pod that has much to do must not keep a thread from others for long.
    private const int AtOnce = 64;

    [ThreadStatic]
    private static PodScheduler? current;

    private readonly Lock gate = new();
    private readonly Queue<Task> waiting = [];
    private bool isRunning;
    private bool isFrozen;

    /// <inheritdoc/>
    public override int MaximumConcurrencyLevel => 1;

    /// <summary>Stops after what is being done now, or goes on.</summary>
    public void Freeze(bool frozen)
    {
        lock (gate)
        {
            isFrozen = frozen;
            if (frozen || isRunning || waiting.Count == 0)
            {
                return;
            }

            isRunning = true;
        }

        ThreadPool.UnsafeQueueUserWorkItem(this, preferLocal: false);
    }

    /// <summary>Does what waits.</summary>
    void IThreadPoolWorkItem.Execute()
    {
        current = this;
        try
        {
            for (var done = 0; Next() is { } task; done++)
            {
                TryExecuteTask(task);
                if (done == AtOnce)
                {
                    ThreadPool.UnsafeQueueUserWorkItem(this, preferLocal: false);
                    return;
                }
            }
        }
        finally
        {
            current = null;
        }
    }

    /// <inheritdoc/>
    protected override void QueueTask(Task task)
    {
        lock (gate)
        {
            waiting.Enqueue(task);
            if (isRunning || isFrozen)
            {
                return;
            }

            isRunning = true;
        }

        ThreadPool.UnsafeQueueUserWorkItem(this, preferLocal: true);
    }

    // What waits has its turn; only what was begun inside, and would run next to nothing else, may run at once.
    /// <inheritdoc/>
    protected override bool TryExecuteTaskInline(Task task, bool taskWasPreviouslyQueued) => !taskWasPreviouslyQueued && current == this && TryExecuteTask(task);

    /// <inheritdoc/>
    protected override IEnumerable<Task> GetScheduledTasks()
    {
        lock (gate)
        {
            return [.. waiting];
        }
    }

    private Task? Next()
    {
        lock (gate)
        {
            if (!isFrozen && waiting.TryDequeue(out var task))
            {
                return task;
            }

            isRunning = false;
            return null;
        }
    }
}
