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
    /// <summary>How long killed processes may take to be gone, the host's time: what they were about on the way to a volume comes to its end.</summary>
    internal static readonly TimeSpan EndPatience = TimeSpan.FromSeconds(2);

    private readonly PodScheduler scheduler = new();
    private readonly Dictionary<string, ContainerInstance> running = new(StringComparer.Ordinal);
    private readonly Dictionary<string, List<EndedContainer>> ended = new(StringComparer.Ordinal);
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
        budget = new StepBudget(pod.Limits.StepsPerSecond, pod.Limits.Cores, pod.Wall);
        ports = new PodPorts(pod.Wall);
        identity = new MemoryTree(1 << 20, pod.Clock, new ImageBuilder()
            .File("/hosts", pod.Hosts).File("/resolv.conf", pod.Resolver).File("/hostname", pod.HostName + "\n").Build());
    }

    /// <summary>An instance of a container ended. Called on the pod's scheduler; must not block.</summary>
    public event Action<ContainerEnd>? Ended;

    /// <summary>Begins an instance of a container. One that runs or ran already is left as it is; one of before it is ended first.</summary>
    /// <param name="setup">How it is made.</param>
    /// <param name="restarts">Which instance: how often the container was restarted before.</param>
    /// <param name="isLate">It has run all the time, as far as anybody can tell, and begins only now that somebody looks.</param>
    /// <exception cref="FileException">EAGAIN: the pod has too many processes.</exception>
    public Task StartAsync(ContainerSetup setup, int restarts, bool isLate = false) => OnSchedulerAsync(async () =>
    {
        while (running.TryGetValue(setup.Name, out var there) && there.Restarts < restarts)
        {
            there.First.Send(Signals.Kill);
            await there.Gone;
        }

        if (isGone || running.ContainsKey(setup.Name) || ended.GetValueOrDefault(setup.Name)?[^1].End.Restarts >= restarts)
        {
            return;
        }

        var instance = running[setup.Name] = Make(setup, restarts);
        if (isLate || setup.Image.RunsWhenAsked)
        {
            // What a server does to begin takes no simulated time, however long it takes the host.
            ports.ExpectServers();
        }

        instance.Gone = WatchAsync(instance);
    });

    /// <summary>Sends the first process of an instance a signal.</summary>
    public Task SignalAsync(string container, int restarts, int signal) => OnSchedulerAsync(() =>
    {
        Find(container, restarts)?.First.Send(signal);
        return default;
    });

    /// <summary>Asks an instance to stop, in its image's way.</summary>
    public Task StopAsync(string container, int restarts) => OnSchedulerAsync(() =>
    {
        if (Find(container, restarts) is { } instance)
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
    /// <exception cref="FileException">EAGAIN: too many take part.</exception>
    public Task<PodProcess?> AttachAsync(string container, bool typing) => OnSchedulerAsync(() =>
        new ValueTask<PodProcess?>(Find(container) is { } instance ? new AttachedProcess(this, instance, instance.Attach(), typing) : null));

    /// <summary>Connects to a port of the pod.</summary>
    /// <exception cref="FileException">ECONNREFUSED: nobody listens.</exception>
    public Task<Duplex> ConnectAsync(int port, IPEndPoint from) => OnSchedulerAsync(() => ports.ConnectAsync(port, from, CancellationToken.None));

    /// <summary>Everything in it stands still, or goes on where it was. Whoever calls it meanwhile waits; its clock does not.</summary>
    public void Freeze(bool frozen) => scheduler.Freeze(frozen);

    /// <summary>Ends everything in it at once, and waits a while for it to be gone.</summary>
    public async ValueTask DisposeAsync()
    {
        // What stands still could not end.
        var ending = OnSchedulerAsync(EndAllAsync);
        Freeze(false);
        await ending;
    }

    internal Task<T> OnSchedulerAsync<T>(Func<ValueTask<T>> work) =>
        Task.Factory.StartNew(() => work().AsTask(), CancellationToken.None, TaskCreationOptions.DenyChildAttach, scheduler).Unwrap();

    internal Task OnSchedulerAsync(Func<ValueTask> work) =>
        Task.Factory.StartNew(() => work().AsTask(), CancellationToken.None, TaskCreationOptions.DenyChildAttach, scheduler).Unwrap();

    internal Task LayerChangedAsync(ContainerInstance instance) => pod.LayerChanged?.Invoke(instance.Setup.Name, instance.Restarts) ?? Task.CompletedTask;

    private async ValueTask EndAllAsync()
    {
        isGone = true;
        foreach (var process in running.Values.SelectMany(instance => instance.Table.Running).ToList())
        {
            process.Send(Signals.Kill);
        }

        try
        {
            await Task.WhenAll(running.Values.Select(instance => instance.Gone)).WaitAsync(EndPatience, pod.Wall);
        }
        catch (TimeoutException)
        {
            // What hangs on is left behind.
        }
    }

    private ContainerInstance? Find(string container) => !isGone && running.TryGetValue(container, out var instance) && !instance.IsEnding ? instance : null;

    private ContainerInstance? Find(string container, int restarts) => Find(container) is { } instance && instance.Restarts == restarts ? instance : null;

    private ContainerInstance Make(ContainerSetup setup, int restarts)
    {
        var files = new FileSystem(new MemoryTree(pod.Limits.LayerBytes, pod.Clock, setup.Image.Files) { FileBytes = pod.Limits.FileBytes }, setup.ReadOnlyRoot)
        {
            RandomSeed = setup.Name.Aggregate((pod.Seed * 16_777_619) + restarts, (seed, letter) => (seed ^ letter) * 16_777_619),
        };
        files.Mount("/etc/hosts", identity, subPath: "hosts");
        files.Mount("/etc/resolv.conf", identity, subPath: "resolv.conf");
        files.Mount("/etc/hostname", identity, subPath: "hostname");
        LastWords.Mount(files, setup.TerminationMessagePath, pod.Clock);
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
        return new ContainerInstance(setup, restarts, container, new ProcessTable(count, budget), pod);
    }

    private async Task WatchAsync(ContainerInstance instance)
    {
        // Whoever started it has it in hand before it ends.
        await Task.Yield();
        var end = await instance.RunAsync();
        running.Remove(end.Container);
        var past = ended.TryGetValue(end.Container, out var before) ? before : ended[end.Container] = [];
        past.Add(new EndedContainer(end, instance.Log));
        past.RemoveRange(0, Math.Max(0, past.Count - KeptLogs));
        Ended?.Invoke(end);
    }
}
