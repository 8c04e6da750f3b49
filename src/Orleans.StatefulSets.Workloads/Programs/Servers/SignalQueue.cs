using Orleans.StatefulSets.Workloads.Processes;

namespace Orleans.StatefulSets.Workloads.Programs.Servers;

/// <summary>The signals that a server deals with, in the order they came; one that waits already is not kept twice, as with the kernel.</summary>
internal sealed class SignalQueue
{
    private readonly Queue<int> waiting = [];
    private readonly Process process;
    private TaskCompletionSource? came;

    /// <param name="process">Whose.</param>
    /// <param name="handled">Which; all others do what they do by default.</param>
    public SignalQueue(Process process, params int[] handled)
    {
        this.process = process;
        process.SignalHandler = signal =>
        {
            if (!handled.Contains(signal))
            {
                return false;
            }

            Post(signal);
            return true;
        };
    }

    public void Post(int signal)
    {
        if (!waiting.Contains(signal))
        {
            waiting.Enqueue(signal);
        }

        var waiter = came;
        came = null;
        waiter?.SetResult();
    }

    /// <summary>The next one, waiting for it.</summary>
    public async ValueTask<int> NextAsync()
    {
        while (waiting.Count == 0)
        {
            came ??= new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            await came.Task.WaitAsync(process.Killed);
        }

        return waiting.Dequeue();
    }
}
