using Orleans.StatefulSets.Cli.Balancing;
using Orleans.StatefulSets.Cli.Clusters;
using Orleans.StatefulSets.Cli.CommandLine;
using Orleans.StatefulSets.Cli.Planning;
using Orleans.StatefulSets.Cli.Postgres;
using Orleans.StatefulSets.Cli.Processes;
using Orleans.StatefulSets.Cli.State;

namespace Orleans.StatefulSets.Cli.Supervision;

/// <summary>Starts the processes of a cluster, keeps them, and ends them in order: whoever needs another one ends before it.</summary>
internal sealed class Supervisor(UpOptions options, ClusterFolder folder, ClusterRoster roster, TimeProvider time) : IAsyncDisposable
{
    /// <summary>How long silos may take to find each other and to be ready, on a machine that has other things to do.</summary>
    private static readonly TimeSpan StartPatience = TimeSpan.FromMinutes(3);

    /// <summary>More than a server gives itself to leave the cluster.</summary>
    private static readonly TimeSpan StopPatience = TimeSpan.FromSeconds(20);

    /// <summary>PostgreSQL writes what it has in memory before it ends.</summary>
    private static readonly TimeSpan DatabasePatience = TimeSpan.FromSeconds(60);

    private static readonly TimeSpan Glance = TimeSpan.FromMilliseconds(100);

    private readonly CancellationTokenSource keeping = new();
    private readonly List<Task> keepers = [];
    private readonly List<SupervisedProcess> silos = [];
    private readonly List<SupervisedProcess> apis = [];
    private readonly OrderlyEnd end = new(time);
    private Balancer? balancer;

    /// <summary>When what is left is killed in place of being waited for.</summary>
    public CancellationToken Hurry { get; init; }

    /// <summary>Starts everything; returns when all of it is ready.</summary>
    /// <exception cref="CommandException">Something can't be started.</exception>
    public async Task StartAsync(CancellationToken stop)
    {
        var program = ServerProgram.Find(options.Server);
        var ports = new PortChoice(PortChoice.IsFree);
        var plan = ClusterPlanner.Plan(options, folder, ports);
        balancer = await Balancer.StartAsync(options.Url, [.. plan.Serving.Select(server => server.Url)]);
        roster.Enter(new RunningProcess
        {
            Name = "balancer",
            Role = ProcessRole.Balancer,
            Url = options.Url,
            Identity = roster.State.Supervisor,
            StartedAt = time.GetUtcNow(),
        });
        var launch = new ServerLaunch(program, options.ConnectionString ?? await StartDatabaseAsync(ports, plan.All.Count()));
        using var probe = new ReadinessProbe();
        await StartAsync(silos, plan.Silos, launch, probe, stop);

        // They are clients of the silos, and look for one when they start.
        await StartAsync(apis, plan.ApiServers, launch, probe, stop);
        await WriteKubeconfigAsync(plan.Serving[0], stop);
        roster.Complete();
    }

    /// <summary>Ends everything, started or half started.</summary>
    public async ValueTask DisposeAsync()
    {
        await keeping.CancelAsync();
        await Task.WhenAll(keepers).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        if (balancer is not null)
        {
            await balancer.DisposeAsync();
        }

        await Task.WhenAll(apis.Select(api => api.StopAsync(end, StopPatience, Hurry)));
        await Task.WhenAll(silos.Select(silo => silo.StopAsync(end, StopPatience, Hurry)));
        if (roster.State.Processes.FirstOrDefault(process => process.Role == ProcessRole.Database) is { Identity: { } database })
        {
            await end.EndAsync(database, Signals.Interrupt, DatabasePatience, Hurry);
        }

        keeping.Dispose();
    }

    private async Task<string> StartDatabaseAsync(PortChoice ports, int processes)
    {
        var postgres = await OwnPostgres.StartAsync(folder, roster, ports, processes, time);
        Keep(postgres.KeepAsync);
        return postgres.ConnectionString;
    }

    private async Task StartAsync(
        List<SupervisedProcess> started, IReadOnlyList<ProcessPlan> plans, ServerLaunch launch, ReadinessProbe probe, CancellationToken stop)
    {
        foreach (var plan in plans)
        {
            stop.ThrowIfCancellationRequested();
            started.Add(new SupervisedProcess(plan, launch, roster, time));
            started[^1].Start();
        }

        await WaitUntilReadyAsync(started, probe, stop);

        foreach (var process in started)
        {
            Keep(process.KeepAsync);
        }
    }

    // The first that fails is told at once, and the others are not waited for.
    private static async Task WaitUntilReadyAsync(IReadOnlyList<SupervisedProcess> started, ReadinessProbe probe, CancellationToken stop)
    {
        using var enough = CancellationTokenSource.CreateLinkedTokenSource(stop);
        var waits = started.Select(process => process.WaitUntilReadyAsync(probe, StartPatience, enough.Token)).ToList();
        try
        {
            await foreach (var wait in Task.WhenEach(waits))
            {
                await wait;
            }
        }
        finally
        {
            await enough.CancelAsync();
            await Task.WhenAll(waits).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    private void Keep(Func<CancellationToken, Task> keep)
    {
        if (options.Restarts)
        {
            keepers.Add(keep(keeping.Token));
        }
    }

    // It is written a moment after the server is ready.
    private async Task WriteKubeconfigAsync(ProcessPlan server, CancellationToken stop)
    {
        var (path, since) = (Path.Combine(server.Directory, "kubeconfig"), time.GetTimestamp());
        while (!File.Exists(path))
        {
            if (time.GetElapsedTime(since) > StartPatience)
            {
                throw new CommandException($"{server.Name} is ready and has written no kubeconfig to {server.Directory}");
            }

            await Task.Delay(Glance, time, stop);
        }

        PrivateFile.Write(folder.Kubeconfig, Kubeconfigs.Redirect(await File.ReadAllTextAsync(path, stop), options.Url));
    }
}
