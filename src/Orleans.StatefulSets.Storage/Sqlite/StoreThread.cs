namespace Orleans.StatefulSets.Storage;

/// <summary>
/// A thread that does one thing after another for a store: SQLite blocks, and grains run on threads that must not. It waits on a plain
/// monitor: a collection that spins before it blocks takes a core from the grains between any two batches.
/// </summary>
internal sealed class StoreThread : IAsyncDisposable
{
    // A journal has one call under way and a replica one: whoever gets here has lost count of its own calls.
    private const int MaxWaiting = 1024;

    private readonly object gate = new();
    private readonly Queue<Action> waiting = new();
    private bool closed;
    private readonly TaskCompletionSource ended = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public StoreThread(string name)
    {
        new Thread(Work) { IsBackground = true, Name = name }.Start();
    }

    public Task<T> RunAsync<T>(Func<T> work, CancellationToken cancellation)
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

        if (Enqueue(Answer) is { } refusal)
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

    // Null when it was taken, else why not.
    private string? Enqueue(Action work)
    {
        lock (gate)
        {
            if (closed)
            {
                return "the journal is closed";
            }

            if (waiting.Count >= MaxWaiting)
            {
                return "too many requests wait for the journal";
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
        }

        ended.SetResult();
    }

    // Null when the thread is to end and nothing is left.
    private Action? Take()
    {
        lock (gate)
        {
            while (waiting.Count == 0 && !closed)
            {
                Monitor.Wait(gate);
            }

            return waiting.TryDequeue(out var work) ? work : null;
        }
    }
}
