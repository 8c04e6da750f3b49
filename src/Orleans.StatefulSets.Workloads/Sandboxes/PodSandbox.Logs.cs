namespace Orleans.StatefulSets.Workloads.Sandboxes;

/// <content>The logs of its containers: of each the present instance's and the two before it, as far as there were any.</content>
public sealed partial class PodSandbox
{
    private const int KeptLogs = 2;

    /// <summary>Which part of an instance's log is asked for; null where there is no such instance (any more).</summary>
    /// <param name="container">The container.</param>
    /// <param name="restarts">Which instance.</param>
    /// <param name="start">From where on.</param>
    public Task<LogSpan?> BeginLogAsync(string container, int restarts, LogStart start) => OnSchedulerAsync(() =>
        new ValueTask<LogSpan?>(LogOf(container, restarts)?.Begin(start)));

    /// <summary>A part of an instance's log; null where there is no such instance (any more).</summary>
    /// <param name="container">The container.</param>
    /// <param name="restarts">Which instance.</param>
    /// <param name="from">Where it begins.</param>
    /// <param name="mostBytes">How much at most; one line is given however long it is.</param>
    /// <param name="wait">Where there is nothing yet it is waited for, until this is cancelled.</param>
    public Task<LogPage?> ReadLogAsync(string container, int restarts, long from, int mostBytes, CancellationToken? wait) => OnSchedulerAsync(async () =>
    {
        if (LogOf(container, restarts) is not { } log)
        {
            return null;
        }

        if (wait is { } cancellation)
        {
            try
            {
                await log.WaitAsync(from, cancellation);
            }
            catch (OperationCanceledException)
            {
                // Nothing came.
            }
        }

        return log.Read(from, mostBytes);
    });

    private ContainerLog? LogOf(string container, int restarts) =>
        running.TryGetValue(container, out var instance) && instance.Restarts == restarts ? instance.Log
        : ended.GetValueOrDefault(container)?.Find(past => past.End.Restarts == restarts)?.Log;

    /// <summary>What is kept of an instance that ended: its files are gone.</summary>
    private sealed record EndedContainer(ContainerEnd End, ContainerLog Log);
}
