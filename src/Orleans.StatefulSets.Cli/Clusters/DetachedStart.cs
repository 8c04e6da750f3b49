using Orleans.StatefulSets.Cli.CommandLine;
using Orleans.StatefulSets.Cli.Display;
using Orleans.StatefulSets.Cli.Processes;
using Orleans.StatefulSets.Cli.State;
using Orleans.StatefulSets.Cli.Supervision;

namespace Orleans.StatefulSets.Cli.Clusters;

/// <summary><c>cluster up --detach</c>: starts a supervisor in the background and waits until its cluster is ready.</summary>
internal static class DetachedStart
{
    private static readonly TimeSpan Glance = TimeSpan.FromMilliseconds(100);

    /// <summary>How long a start that is broken off may take to undo what it began.</summary>
    private static readonly TimeSpan StopPatience = TimeSpan.FromMinutes(2);

    public static async Task<int> RunAsync(UpOptions options, ClusterFolder folder, Surroundings here)
    {
        using var signals = new StopSignals();
        using (folder.Lock())
        {
            Leftovers.Refuse(folder);
        }

        var log = folder.SupervisorLog;
        var printed = log.Length;
        using var supervisor = BackgroundProcess.Start(
            [ServerProgram.Dotnet, typeof(DetachedStart).Assembly.Location, .. options.ToArguments()],
            options.ConnectionString is { } text ? new Dictionary<string, string> { [UpOptions.ConnectionVariable] = text } : [],
            log);
        var end = supervisor.WaitForExitAsync(CancellationToken.None);
        while (!(folder.Load() is { HasStarted: true } state && state.Supervisor == supervisor.Identity))
        {
            if (end.IsCompleted)
            {
                throw new CommandException(log.LastLine(printed) ?? $"the supervisor ended with exit code {supervisor.ExitCode}");
            }

            if (signals.Stop.IsCancellationRequested)
            {
                await EndAsync(supervisor, here.Time, signals.Hurry);
                throw new CommandException("stopped before the cluster was ready");
            }

            await Task.WhenAny(end, Task.Delay(Glance, here.Time));
        }

        var folderOption = folder.Path == Path.GetFullPath(".cluster", here.CurrentDirectory) ? "" : $" --data {Announcement.Quoted(folder.Path)}";
        foreach (var line in Announcement.Of(options, folder.Kubeconfig, $"cluster status{folderOption} shows it, cluster down{folderOption} stops it."))
        {
            await here.Output.WriteLineAsync(line);
        }

        return ExitCodes.Done;
    }

    private static async Task EndAsync(BackgroundProcess supervisor, TimeProvider time, CancellationToken hurry)
    {
        if (supervisor.Identity is { } identity)
        {
            await new OrderlyEnd(time).EndAsync(identity, Signals.Terminate, StopPatience, hurry);
        }
    }
}
