namespace Orleans.StatefulSets.Storage;

/// <summary>
/// Does one thing after another for a store, on a thread of its own: SQLite blocks, and grains run on threads that must not. What takes
/// no longer than waking that thread would is done at once by whoever asks, if nothing else is under way. The thread waits on a plain
/// monitor: a collection that spins before it blocks takes a core from the grains between any two batches.
/// </summary>
internal sealed class StoreThread : IAsyncDisposable
{
    private readonly object gate = new();
    private readonly Queue<Action> waiting = new();
    private readonly TaskCompletionSource ended = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly string store;
    private readonly int maxWaiting;
    private bool closed;
    private bool busy;

    /// <param name="name">The thread's name.</param>
    /// <param name="store">What it works for, as messages call it: <c>the journal</c>.</param>
    /// <param name="maxWaiting">How much may wait to be done; more is refused.</param>
    public StoreThread(string name, string store, int maxWaiting)
    {
        (this.store, this.maxWaiting) = (store, maxWaiting);
        new Thread(Work) { IsBackground = true, Name = name }.Start();
    }

    /// <param name="work">What is to be done.</param>
    /// <param name="cancellation">Before it has begun.</param>
    /// <param name="isShort">Whether the caller may do it itself.</param>
    public Task<T> RunAsync<T>(Func<T> work, CancellationToken cancellation, bool isShort = false)
    {
        var answer = new TaskCompletionSource<T>(TaskCreationOptions.RunContinuationsAsynchronously);
        void Answer()
        {
            if (cancellation.IsCancellationRequested)
            {
                answer.SetCanceled(cancellation);
                return;
            }

            try
            {
                answer.SetResult(work());
            }
            catch (Exception failure)
            {
                answer.SetException(failure);
            }
        }

        if (isShort && TryBegin())
        {
            Answer();
            End();
        }
        else if (Enqueue(Answer) is { } refusal)
        {
            answer.SetException(new JournalStorageException(JournalStorageProblem.Unavailable, refusal));
        }

        return answer.Task;
    }

    /// <summary>Takes nothing more, and completes when everything taken has been done.</summary>
    public async ValueTask DisposeAsync()
    {
        lock (gate)
        {
            closed = true;
            Monitor.Pulse(gate);
        }

        await ended.Task;
    }

    private bool TryBegin()
    {
        lock (gate)
        {
            return !closed && !busy && waiting.Count == 0 && (busy = true);
        }
    }

    private void End()
    {
        lock (gate)
        {
            busy = false;
            if (waiting.Count > 0 || closed)
            {
                Monitor.Pulse(gate);
            }
        }
    }

    // Null when it was taken, else why not.
    private string? Enqueue(Action work)
    {
        lock (gate)
        {
            if (closed)
            {
                return $"{store} is closed";
            }

            if (waiting.Count >= maxWaiting)
            {
                return $"too many requests wait for {store}";
            }

            waiting.Enqueue(work);
            Monitor.Pulse(gate);
            return null;
        }
    }

    private void Work()
    {
        while (Take() is { } work)
        {
            work();
            End();
        }

        ended.SetResult();
    }

    // Null when the thread is to end and nothing is left.
    private Action? Take()
    {
        lock (gate)
        {
            while (busy || (waiting.Count == 0 && !closed))
            {
                Monitor.Wait(gate);
            }

            return (busy = waiting.TryDequeue(out var work)) ? work : null;
        }
    }
}
