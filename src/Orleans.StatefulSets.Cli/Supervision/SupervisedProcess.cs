using Orleans.StatefulSets.Cli.CommandLine;
using Orleans.StatefulSets.Cli.Planning;
using Orleans.StatefulSets.Cli.Processes;
using Orleans.StatefulSets.Cli.State;

namespace Orleans.StatefulSets.Cli.Supervision;

/// <summary>One server process over all its restarts.</summary>
internal sealed class SupervisedProcess(ProcessPlan plan, ServerLaunch launch, ClusterRoster roster, TimeProvider time)
{
    private static readonly TimeSpan Glance = TimeSpan.FromMilliseconds(100);

    private readonly LogFile log = new(Path.Combine(plan.Directory, "log"));
    private BackgroundProcess? process;
    private long printed;
    private int starts;

    /// <summary>Starts it.</summary>
    /// <exception cref="CommandException">It can't be.</exception>
    public void Start()
    {
        process?.Dispose();
        printed = log.Length;
        process = launch.Start(plan, log);
        roster.Enter(new RunningProcess
        {
            Name = plan.Name,
            Role = plan.Role,
            Url = plan.Url,
            Identity = process.Identity,
            StartedAt = time.GetUtcNow(),
            Restarts = starts++,
        });
    }

    /// <summary>Waits until it says that it is ready.</summary>
    /// <exception cref="CommandException">It ended before, or takes too long.</exception>
    public async Task WaitUntilReadyAsync(ReadinessProbe probe, TimeSpan patience, CancellationToken stop)
    {
        var since = time.GetTimestamp();
        var end = process!.WaitForExitAsync(stop);
        while (await probe.AskAsync(plan.Url, stop) != ProcessHealth.Ready)
        {
            stop.ThrowIfCancellationRequested();
            if (end.IsCompleted)
            {
                throw new CommandException($"{plan.Name} ended before it was ready: {log.LastLine(printed) ?? $"exit code {process.ExitCode}"}");
            }

            if (time.GetElapsedTime(since) > patience)
            {
                throw new CommandException($"{plan.Name} is not ready after {patience.TotalSeconds:0} s: {log.LastLine(printed) ?? $"{log.Path} is empty"}");
            }

            await Task.Delay(Glance, time, stop);
        }
    }

    /// <summary>Starts it again whenever it died, until it is to stop.</summary>
    public async Task KeepAsync(CancellationToken stop)
    {
        var delay = new RestartDelay(time);
        while (true)
        {
            await WaitForEndAsync(stop);
            await Task.Delay(delay.Next(), time, stop);
            try
            {
                Start();
            }
            catch (Exception failure) when (failure is CommandException or IOException)
            {
                // The machine has no process or room to give just now; what did not start is tried again after a longer while.
            }
        }
    }

    /// <summary>Ends it, whether it was ready or not. Nobody keeps it any more.</summary>
    public async Task StopAsync(OrderlyEnd end, TimeSpan patience, CancellationToken hurry)
    {
        if (process?.Identity is { } identity)
        {
            await end.EndAsync(identity, Signals.Terminate, patience, hurry);
        }

        process?.Dispose();
    }

    private async Task WaitForEndAsync(CancellationToken stop)
    {
        var end = process!.WaitForExitAsync(stop);
        while (!end.IsCompleted)
        {
            log.KeepBounded();
            await Task.WhenAny(end, Task.Delay(TimeSpan.FromSeconds(1), time, stop));
            stop.ThrowIfCancellationRequested();
        }
    }
}
