using Orleans.StatefulSets.Workloads.Files;
using Orleans.StatefulSets.Workloads.Network;
using Orleans.StatefulSets.Workloads.Processes;

namespace Orleans.StatefulSets.Workloads.Programs.Servers;

/// <summary>
/// A server of several processes: a master that binds the ports, starts workers and minds signals, and workers that serve. TERM and INT end
/// it at once, QUIT and WINCH when its clients have what they asked for, HUP has it read its configuration again.
/// </summary>
/// <param name="process">The master's process.</param>
internal abstract class MasterProcess(Process process)
{
    private const int User1 = 10;
    private readonly SortedDictionary<int, (IPodListener Listener, CancellationTokenSource Closing, Task Accepting)> bound = [];
    private readonly List<WorkerProcess> leaving = [];
    private readonly List<WorkerProcess> workers = [];
    private readonly SignalQueue signals = new(process, Signals.Hangup, Signals.Interrupt, Signals.Quit, Signals.Terminate, Signals.WindowChange, User1);
    private Generation? current;
    private int next;

    protected Process Process => process;

    /// <summary>The connections of all workers.</summary>
    protected IEnumerable<Connections> AllConnections => workers.Concat(leaving).Select(worker => worker.Connections);

    /// <summary>How often a taken port is tried, and how long it waits between, simulated time.</summary>
    protected virtual (int Times, TimeSpan Pause) Patience => (1, TimeSpan.Zero);

    /// <summary>Runs until a signal ends it.</summary>
    /// <param name="started">Told the exit status of a start that failed, 0 once it serves.</param>
    public async ValueTask<int> RunAsync(Action<int>? started = null)
    {
        try
        {
            if (await LoadAsync(isFirst: true) is not { } first || !await BindAsync(first.Ports) || !await StartedAsync(first))
            {
                started?.Invoke(1);
                return 1;
            }

            await StartAsync(first);
            started?.Invoke(0);
            while (await signals.NextAsync() is var signal)
            {
                await SignalledAsync(signal);
                switch (signal)
                {
                    case Signals.Hangup:
                        await ReloadAsync();
                        break;
                    case User1:
                        await ReopenAsync();
                        break;
                    case Signals.Child:
                        await ReplaceLostAsync();
                        break;
                    case Signals.WindowChange when !QuitsOnWindowChange:
                        break;
                    default:
                        await StopAsync(graceful: signal is Signals.Quit or Signals.WindowChange);
                        await StoppedAsync();
                        return 0;
                }
            }

            return 0;
        }
        finally
        {
            await StopAsync(graceful: false);
        }
    }

    /// <summary>Whether WINCH is a wish to end (httpd's graceful stop).</summary>
    protected virtual bool QuitsOnWindowChange => false;

    /// <summary>Reads the configuration.</summary>
    /// <returns>Null where it can't be used, which was said.</returns>
    protected abstract ValueTask<Generation?> LoadAsync(bool isFirst);

    /// <summary>A port is taken.</summary>
    protected abstract ValueTask BindFailedAsync(int port, FileException failure, bool isLast);

    /// <summary>The ports are bound.</summary>
    /// <returns>False where it can't start all the same, which was said.</returns>
    protected abstract ValueTask<bool> StartedAsync(Generation generation);

    /// <summary>A signal came.</summary>
    protected virtual ValueTask SignalledAsync(int signal) => default;

    /// <summary>A worker started.</summary>
    protected virtual ValueTask WorkerStartedAsync(Process worker) => default;

    /// <summary>A worker ended.</summary>
    protected virtual ValueTask WorkerEndedAsync(Process worker, int status) => default;

    /// <summary>A connection was turned away.</summary>
    protected virtual ValueTask TurnedAwayAsync(Process worker, int most) => default;

    /// <summary>Log files shall be opened again.</summary>
    protected virtual ValueTask ReopenAsync() => default;

    /// <summary>All workers ended.</summary>
    protected virtual ValueTask StoppedAsync() => default;

    private async ValueTask StartAsync(Generation generation)
    {
        current = generation;
        while (workers.Count < generation.Workers)
        {
            try
            {
                var worker = new WorkerProcess(process, generation);
                workers.Add(worker);
                _ = MindAsync(worker);
                await WorkerStartedAsync(worker.Process);
            }
            catch (FileException failure) when (failure.Code == Errno.EAGAIN)
            {
                // The pod has too many processes; with one worker it still serves.
                return;
            }
        }
    }

    private async Task MindAsync(WorkerProcess worker)
    {
        try
        {
            await worker.End;
        }
        finally
        {
            signals.Post(Signals.Child);
        }
    }

    private async ValueTask ReplaceLostAsync()
    {
        foreach (var gone in workers.Concat(leaving).Where(worker => worker.End.IsCompleted).ToList())
        {
            workers.Remove(gone);
            leaving.Remove(gone);
            await WorkerEndedAsync(gone.Process, await gone.End);
        }

        await StartAsync(current!);
    }

    private async ValueTask ReloadAsync()
    {
        if (await LoadAsync(isFirst: false) is not { } generation || !await BindAsync(generation.Ports))
        {
            return;
        }

        var before = workers.ToList();
        workers.Clear();
        await StartAsync(generation);
        foreach (var port in bound.Keys.Except(generation.Ports).ToList())
        {
            await UnbindAsync(port);
        }

        leaving.AddRange(before);
        before.ForEach(worker => worker.Leave(graceful: true));
    }

    /// <summary>All of the ports that are not bound yet, or none of them.</summary>
    private async ValueTask<bool> BindAsync(IReadOnlyList<int> ports)
    {
        var taken = ports.Where(port => !bound.ContainsKey(port)).ToList();
        var added = new List<int>();
        for (var times = 1; taken.Count > 0; times++)
        {
            foreach (var port in taken.ToList())
            {
                try
                {
                    Bind(port);
                    added.Add(port);
                    taken.Remove(port);
                }
                catch (FileException failure)
                {
                    await BindFailedAsync(port, failure, times == Patience.Times);
                }
            }

            if (taken.Count > 0 && times == Patience.Times)
            {
                foreach (var port in added)
                {
                    await UnbindAsync(port);
                }

                return false;
            }

            await (taken.Count > 0 ? Task.Delay(Patience.Pause, process.Container.Clock, process.Killed) : Task.CompletedTask);
        }

        return true;
    }

    private void Bind(int port)
    {
        var listener = process.Container.Network.Listen(port);
        var closing = CancellationTokenSource.CreateLinkedTokenSource(process.Killed);
        bound[port] = (listener, closing, AcceptAsync(listener, port, closing.Token));
    }

    private async ValueTask UnbindAsync(int port)
    {
        if (bound.Remove(port, out var old))
        {
            await old.Closing.CancelAsync();
            old.Listener.Dispose();
            await old.Accepting;
            old.Closing.Dispose();
        }
    }

    private async Task AcceptAsync(IPodListener listener, int port, CancellationToken closing)
    {
        try
        {
            await Task.Yield();
            while (true)
            {
                var (file, from) = await listener.AcceptAsync(closing);
                var worker = workers.Count == 0 ? null : workers[next++ % workers.Count];
                if (worker?.TryServe(file, from, port) != true)
                {
                    await file.CloseAsync();
                    await (worker is null ? default : TurnedAwayAsync(worker.Process, current!.Connections));
                }

                await process.StepAsync();
            }
        }
        catch (OperationCanceledException) when (closing.IsCancellationRequested)
        {
            // The port is not listened on any more.
        }
    }

    private async ValueTask StopAsync(bool graceful)
    {
        foreach (var port in bound.Keys.ToList())
        {
            await UnbindAsync(port);
        }

        var all = workers.Concat(leaving).ToList();
        all.ForEach(worker => worker.Leave(graceful));
        var ends = Task.WhenAll(all.Select(worker => worker.End));
        if (graceful)
        {
            // Who is in a hurry after all says so with TERM.
            while (!ends.IsCompleted && await signals.NextAsync() is not (Signals.Terminate or Signals.Interrupt))
            {
            }

            all.ForEach(worker => worker.Process.Send(Signals.Kill));
        }

        foreach (var worker in all)
        {
            await WorkerEndedAsync(worker.Process, await worker.End);
        }

        workers.Clear();
        leaving.Clear();
    }
}
