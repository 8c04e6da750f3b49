using System.Net;
using Orleans.StatefulSets.Workloads.Files;
using Orleans.StatefulSets.Workloads.Network;
using Orleans.StatefulSets.Workloads.Processes;
using Orleans.StatefulSets.Workloads.Text;

namespace Orleans.StatefulSets.Workloads.Sandboxes;

/// <summary>
/// The inside of one pod on its node: its containers with their files and processes, their logs, their ports. Everything in it runs on one
/// scheduler of its own, one thing at a time and never blocking a thread; a pod in which nothing happens costs neither thread nor timer.
/// The methods may be called on any scheduler.
/// </summary>
public sealed partial class PodSandbox : IAsyncDisposable
{
    private readonly TaskScheduler scheduler = new ConcurrentExclusiveSchedulerPair().ExclusiveScheduler;
    private readonly Dictionary<string, ContainerInstance> running = new(StringComparer.Ordinal);
    private readonly Dictionary<string, ContainerInstance> previous = new(StringComparer.Ordinal);
    private readonly PodSetup pod;
    private readonly ProcessCount count;
    private readonly StepBudget budget;
    private readonly PodPorts ports;
    private readonly MemoryTree identity;
    private bool isGone;

    /// <param name="pod">What its containers share.</param>
    public PodSandbox(PodSetup pod)
    {
        this.pod = pod;
        count = new ProcessCount(pod.Limits.Processes);
        budget = new StepBudget(pod.Limits.StepsPerSecond, pod.Wall);
        ports = new PodPorts(pod.Wall);
        identity = new MemoryTree(1 << 20, pod.Clock, new ImageBuilder()
            .File("/hosts", pod.Hosts).File("/resolv.conf", pod.Resolver).File("/hostname", pod.HostName + "\n").Build());
    }

    /// <summary>An instance of a container ended. Called on the pod's scheduler; must not block.</summary>
    public event Action<ContainerEnd>? Ended;

    /// <summary>Begins an instance of a container. One that runs already is left as it is.</summary>
    /// <param name="setup">How it is made.</param>
    /// <param name="restarts">Which instance: how often the container was restarted before.</param>
    /// <param name="isLate">It has run all the time, as far as anybody can tell, and begins only now that somebody looks.</param>
    public Task StartAsync(ContainerSetup setup, int restarts, bool isLate = false) => OnSchedulerAsync(() =>
    {
        if (isGone || (running.TryGetValue(setup.Name, out var there) && (there.End is null || there.Restarts >= restarts)))
        {
            return default;
        }

        if (there is not null)
        {
            previous[setup.Name] = there;
        }

        var files = new FileSystem(new MemoryTree(pod.Limits.LayerBytes, pod.Clock, setup.Image.Files) { FileBytes = pod.Limits.FileBytes }, setup.ReadOnlyRoot)
        {
            RandomSeed = HashCode.Combine(pod.Seed, restarts),
        };
        files.Mount("/etc/hosts", identity, subPath: "hosts");
        files.Mount("/etc/resolv.conf", identity, subPath: "resolv.conf");
        files.Mount("/etc/hostname", identity, subPath: "hostname");
        foreach (var mount in setup.Mounts)
        {
            files.Mount(mount.Path, mount.Tree, mount.ReadOnly, mount.SubPath);
        }

        var container = new Container
        {
            Name = setup.Name,
            HostName = ByteText.FromText(pod.HostName),
            Files = files,
            Programs = setup.Image.Programs,
            Clock = pod.Clock,
            Network = new PodNetwork(pod.Address, ports, pod.Gateway, pod.AsksCluster),
            Limits = pod.Limits,
        };
        if (isLate)
        {
            ports.ExpectServers();
        }

        var instance = running[setup.Name] = new ContainerInstance(setup, restarts, container, new ProcessTable(count, budget), pod);
        _ = WatchAsync(instance);
        return default;
    });

    /// <summary>How an instance ended; null while it runs, or where it is not known here.</summary>
    public Task<ContainerEnd?> EndOfAsync(string container, int restarts) => OnSchedulerAsync(() =>
        new ValueTask<ContainerEnd?>(running.TryGetValue(container, out var instance) && instance.Restarts == restarts ? instance.End : null));

    /// <summary>Sends a container's first process a signal.</summary>
    public Task SignalAsync(string container, int signal) => OnSchedulerAsync(() =>
    {
        if (Find(container) is { } instance)
        {
            instance.First.Send(signal);
        }

        return default;
    });

    /// <summary>Asks a container to stop, in its image's way.</summary>
    public Task StopAsync(string container) => OnSchedulerAsync(() =>
    {
        if (Find(container) is { } instance)
        {
            instance.First.Send(instance.Setup.Image.StopSignal);
        }

        return default;
    });

    /// <summary>Runs a command in a container.</summary>
    /// <returns>The process; null where the container does not run.</returns>
    /// <exception cref="FileException">EAGAIN: the pod has too many processes.</exception>
    public Task<PodProcess?> ExecAsync(string container, ExecSetup exec) => OnSchedulerAsync(() =>
        new ValueTask<PodProcess?>(Find(container) is { } instance ? ExecutedProcess.Begin(this, instance, exec) : null));

    /// <summary>Takes part in a container's first process.</summary>
    /// <returns>The process; null where the container does not run.</returns>
    public Task<PodProcess?> AttachAsync(string container, bool typing) => OnSchedulerAsync(() =>
    {
        if (Find(container) is not { } instance)
        {
            return new ValueTask<PodProcess?>(result: null);
        }

        var queue = new OutputQueue(pod.Limits.PipeBytes);
        instance.Attach(queue);
        return new ValueTask<PodProcess?>(new AttachedProcess(this, instance, queue, typing));
    });

    /// <summary>Connects to a port of the pod.</summary>
    /// <exception cref="FileException">ECONNREFUSED: nobody listens.</exception>
    public Task<IOpenFile> ConnectAsync(int port, IPEndPoint from) => OnSchedulerAsync(() => ports.ConnectAsync(port, from, CancellationToken.None));

    /// <summary>Where on a container's log reading begins; null where there is no such instance.</summary>
    public Task<long?> BeginLogAsync(string container, bool before, LogStart start) => OnSchedulerAsync(() =>
        new ValueTask<long?>(LogOf(container, before)?.Begin(start)));

    /// <summary>A part of a container's log.</summary>
    /// <param name="container">The container.</param>
    /// <param name="before">Of the instance before the present one.</param>
    /// <param name="from">Where it begins.</param>
    /// <param name="mostBytes">How much at most; one line is given however long it is.</param>
    /// <param name="wait">Where there is nothing yet it is waited for, until this is cancelled.</param>
    public Task<LogPage?> ReadLogAsync(string container, bool before, long from, int mostBytes, CancellationToken? wait) => OnSchedulerAsync(async () =>
    {
        if (LogOf(container, before) is not { } log)
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

    /// <summary>Ends everything in it at once.</summary>
    public async ValueTask DisposeAsync() => await OnSchedulerAsync(() =>
    {
        isGone = true;
        foreach (var process in running.Values.SelectMany(instance => instance.Table.Running).ToList())
        {
            process.Send(Signals.Kill);
        }

        return default;
    });

    internal Task<T> OnSchedulerAsync<T>(Func<ValueTask<T>> work) =>
        Task.Factory.StartNew(() => work().AsTask(), CancellationToken.None, TaskCreationOptions.DenyChildAttach, scheduler).Unwrap();

    internal Task OnSchedulerAsync(Func<ValueTask> work) =>
        Task.Factory.StartNew(() => work().AsTask(), CancellationToken.None, TaskCreationOptions.DenyChildAttach, scheduler).Unwrap();

    internal Task LayerChangedAsync(ContainerInstance instance) => pod.LayerChanged?.Invoke(instance.Setup.Name, instance.Restarts) ?? Task.CompletedTask;

    private ContainerInstance? Find(string container) =>
        running.TryGetValue(container, out var instance) && instance.End is null ? instance : null;

    private ContainerLog? LogOf(string container, bool before) => (before ? previous : running).GetValueOrDefault(container)?.Log;

    private async Task WatchAsync(ContainerInstance instance)
    {
        var end = await instance.RunAsync();
        Ended?.Invoke(end);
    }
}
