using Microsoft.Extensions.Logging;

namespace Orleans.StatefulSets.Grains.Time;

/// <summary>
/// The one timer of a silo: what is due at a simulated moment stands in that moment's slot, on a 10 ms grid, ties ordered by key.
/// A slot and a queue entry cost about a hundred bytes; a grain timer costs seven times that, and one a pod does not scale.
/// What is scheduled here dies with the silo: every wait can be made again from what is stored.
/// </summary>
public sealed partial class TimingWheel(ClusterClock clock, ILogger<TimingWheel> logger) : IAsyncDisposable
{
    private static readonly TimeSpan Grid = TimeSpan.FromMilliseconds(10);

    private readonly Lock gate = new();
    private readonly PriorityQueue<DateTime, DateTime> moments = new();
    private readonly Dictionary<DateTime, SortedDictionary<string, Action>> slots = [];
    private readonly CancellationTokenSource stopping = new();
    private CancellationTokenSource sleeping = new();
    private Task? running;

    /// <summary>How many waits stand in the wheel.</summary>
    public int Count
    {
        get
        {
            lock (gate)
            {
                return slots.Values.Sum(slot => slot.Count);
            }
        }
    }

    /// <summary>
    /// Calls <paramref name="action"/> once the simulated time has reached <paramref name="due"/>. A second wait of the same key
    /// for the same moment replaces the first; one for another moment stands beside it. The action must not block.
    /// </summary>
    public void Schedule(string key, DateTime due, Action action)
    {
        var moment = OnGrid(due);
        lock (gate)
        {
            running ??= Task.Run(RunAsync);
            if (slots.TryGetValue(moment, out var slot))
            {
                slot[key] = action;
                return;
            }

            slots[moment] = new SortedDictionary<string, Action>(StringComparer.Ordinal) { [key] = action };
            moments.Enqueue(moment, moment);
            if (moments.Peek() == moment)
            {
                // Last: the sleeper may wake on this very thread and take the slot as it is.
                sleeping.Cancel();
            }
        }
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        await stopping.CancelAsync();
        if (running is { } task)
        {
            await task;
        }

        stopping.Dispose();
    }

    private static DateTime OnGrid(DateTime due)
    {
        var beyond = due.Ticks % Grid.Ticks;
        return beyond == 0 ? due : due.AddTicks(Grid.Ticks - beyond);
    }

    private async Task RunAsync()
    {
        while (!stopping.IsCancellationRequested)
        {
            foreach (var action in TakeDue())
            {
                Run(action);
            }

            await SleepAsync();
        }
    }

    private List<Action> TakeDue()
    {
        List<Action> due = [];
        lock (gate)
        {
            var now = clock.Now;
            while (moments.TryPeek(out var moment, out _) && moment <= now)
            {
                moments.Dequeue();
                slots.Remove(moment, out var slot);
                due.AddRange(slot!.Values);
            }
        }

        return due;
    }

    private async Task SleepAsync()
    {
        DateTime next;
        CancellationTokenSource wake;
        lock (gate)
        {
            next = moments.TryPeek(out var moment, out _) ? moment : DateTime.MaxValue;
            sleeping.Dispose();
            wake = sleeping = CancellationTokenSource.CreateLinkedTokenSource(stopping.Token);
        }

        try
        {
            await (next == DateTime.MaxValue ? Task.Delay(Timeout.InfiniteTimeSpan, TimeProvider.System, wake.Token) : clock.WaitUntilAsync(next, wake.Token));
        }
        catch (OperationCanceledException)
        {
            // An earlier moment was scheduled, or the silo stops.
        }
    }

    private void Run(Action action)
    {
        try
        {
            action();
        }
        catch (Exception failure)
        {
            LogActionFailed(failure);
        }
    }

    [LoggerMessage(Level = LogLevel.Error, Message = "What was due on the timing wheel failed")]
    private partial void LogActionFailed(Exception failure);
}
