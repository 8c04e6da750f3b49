using System.Collections.Concurrent;
using System.Net;
using k8s.Models;
using Microsoft.Extensions.Logging;
using Orleans.StatefulSets.Reconciliation.Events;
using Orleans.StatefulSets.Reconciliation.Pods;
using Orleans.StatefulSets.Resources.Objects;
using Orleans.StatefulSets.Workloads.Dns;
using Orleans.StatefulSets.Workloads.Sandboxes;

namespace Orleans.StatefulSets.Grains.Nodes.Runtime;

/// <summary>A pod that has an inside on its node. Used from the node's grain, from the pod's own scheduler and from the thread pool.</summary>
internal sealed partial class LivePod
{
    private readonly ConcurrentDictionary<string, ContainerRun> runs = new(StringComparer.Ordinal);
    private readonly ConcurrentDictionary<string, CancellationTokenSource> probes = new(StringComparer.Ordinal);
    private readonly CancellationTokenSource gone = new();
    private readonly RuntimeServices services;
    private readonly string nodeName;
    private readonly Func<V1Node?> node;
    private readonly Action wake;
    private readonly string hostName;
    private readonly Lock gate = new();
    private Task<IReadOnlyDictionary<string, PodVolume>>? volumes;
    private StoredObject item;

    public LivePod(RuntimeServices services, string nodeName, Func<V1Node?> node, ContainerMarks marks, StoredObject item, string? address, Action wake)
    {
        (this.services, this.nodeName, this.node, this.item, this.wake) = (services, nodeName, node, item, wake);
        var pod = item.As<V1Pod>();
        hostName = PodHostname.OfKernel(pod, out _) ?? PodHostname.Of(pod).Hostname;
        var resolver = ResolverConfiguration.Of(pod, services.Network.DnsAddress);
        Sandbox = new PodSandbox(new PodSetup
        {
            HostName = hostName,
            Address = address is null ? null : IPAddress.Parse(address),
            Hosts = HostsFile.Of(pod, address),
            Resolver = resolver.ToText(),
            AsksCluster = resolver.Asks(services.Network.DnsAddress),
            Clock = services.Time,
            Wall = services.Wall,
            Gateway = services.Gateways.Of(nodeName),
            Limits = services.Settings.Limits,
            LayerChanged = (container, restarts) => marks.AddAsync(item.Uid, container, restarts),
            Seed = StableHash(item.Uid),
        });
        Sandbox.Ended += Ended;
    }

    public PodSandbox Sandbox { get; }

    public TimeProvider Time => services.Time;

    public long GraceSeconds => Pod.Spec.TerminationGracePeriodSeconds ?? 30;

    /// <summary>What is known of its containers' instances, by name.</summary>
    public IReadOnlyDictionary<string, ContainerRun> Runs => runs;

    private V1Pod Pod => item.As<V1Pod>();

    /// <summary>The pod has a new revision.</summary>
    public void Observe(StoredObject newer) => item = newer;

    /// <summary>What is known of one instance; null where there is none (any more).</summary>
    public ContainerRun? RunOf(string container, int restarts) => runs.TryGetValue(container, out var run) && run.Restarts == restarts ? run : null;

    /// <summary>Changes what is known of an instance, and lets the kubelet know.</summary>
    public void Update(string container, int restarts, Func<ContainerRun, ContainerRun> change)
    {
        while (runs.TryGetValue(container, out var run) && run.Restarts == restarts)
        {
            var next = change(run);
            if (next == run || runs.TryUpdate(container, next, run))
            {
                break;
            }
        }

        wake();
    }

    /// <summary>Begins an instance of a container.</summary>
    /// <param name="container">The container.</param>
    /// <param name="restarts">Which instance.</param>
    /// <param name="isKnown">The kubelet has said already that it runs: it was not looked into until now.</param>
    public Task StartAsync(V1Container container, int restarts, bool isKnown)
    {
        runs[container.Name] = new ContainerRun
        {
            Restarts = restarts,
            IsStarting = !isKnown,
            Started = container.StartupProbe is null,
            Ready = container.StartupProbe is null && container.ReadinessProbe is null,
        };
        return Task.Run(() => MakeAsync(container, restarts));
    }

    /// <summary>Asks a container to end: its preStop hook, then its image's signal; and ends it where it takes longer than it may.</summary>
    public async Task EndAsync(V1Container container, int restarts, TimeSpan grace)
    {
        StopProbes(container.Name);
        var deadline = services.Time.GetUtcNow() + grace;
        try
        {
            await StopAsync(container, grace);
            var left = deadline - services.Time.GetUtcNow();
            if (left > TimeSpan.Zero)
            {
                await Task.Delay(left, services.Time, gone.Token);
            }
        }
        catch (OperationCanceledException)
        {
            return;
        }

        // By now it may long have ended, and another instance run.
        if (RunOf(container.Name, restarts) is { Exit: null })
        {
            Kill(container.Name);
        }
    }

    /// <summary>Runs the container's preStop hook, then asks it to end.</summary>
    public async Task StopAsync(V1Container container, TimeSpan grace)
    {
        if (runs.TryGetValue(container.Name, out var asked))
        {
            Update(container.Name, asked.Restarts, run => run with { IsStopping = true });
        }

        StopProbes(container.Name);
        if (container.Lifecycle?.PreStop is { } hook && grace > TimeSpan.Zero)
        {
            var outcome = await Sandbox.HandleAsync(container, PodHandler.Of(hook), grace);
            if (!outcome.Succeeded)
            {
                Tell(ObjectEvent.WarningType, container.Name, "FailedPreStopHook", $"PreStopHook failed: {outcome.Message}");
            }
        }

        await Sandbox.StopAsync(container.Name);
    }

    /// <summary>Ends a container at once.</summary>
    public void Kill(string container) => Sandbox.SignalAsync(container, Workloads.Processes.Signals.Kill).Ignore();

    /// <summary>Tells of one of its containers.</summary>
    public void Tell(string type, string container, string reason, string message)
    {
        var field = Pod.Spec.InitContainers?.Any(init => init.Name == container) == true ? "initContainers" : "containers";
        services.Events.Record(new ObjectEvent(type, reason, message, "kubelet", nodeName, $"spec.{field}{{{container}}}"), item);
    }

    /// <summary>The pod is gone: everything in it ends, and its volumes are let go.</summary>
    public async Task CloseAsync()
    {
        await gone.CancelAsync();
        await Sandbox.DisposeAsync();
        await services.Volumes.CloseAsync(Pod, nodeName);
    }

    private async Task MakeAsync(V1Container container, int restarts)
    {
        try
        {
            var sources = new PodView(services.Replicas, Pod, node());
            var setup = ContainerSetups.Of(Pod, container, services.Images.Find(container), hostName, sources, await VolumesAsync(sources));
            var isStarting = RunOf(container.Name, restarts) is { IsStarting: true };
            await Sandbox.StartAsync(setup, restarts, isLate: !isStarting);
            if (isStarting && container.Lifecycle?.PostStart is { } hook)
            {
                await HookAsync(container, restarts, hook);
            }

            Update(container.Name, restarts, run => run with { IsStarting = false });
            StartProbes(container, restarts);
        }
        catch (VolumeMountException failure)
        {
            Tell(ObjectEvent.WarningType, container.Name, "FailedMount", failure.Message);
            Refuse(container.Name, restarts, Pod.Spec.InitContainers is { Count: > 0 } ? "PodInitializing" : "ContainerCreating", null);
        }
        catch (PodConfigurationException failure)
        {
            Refuse(container.Name, restarts, "CreateContainerConfigError", failure.Message);
        }
        catch (Exception failure)
        {
            LogFailed(services.Logger, failure, container.Name, item.Key.ToString());
            Refuse(container.Name, restarts, "CreateContainerError", failure.Message);
        }
    }

    private void Refuse(string container, int restarts, string reason, string? message) => Update(
        container, restarts, run => run with { IsStarting = false, Problem = reason, ProblemMessage = message, ProblemAt = services.Time.GetUtcNow().UtcDateTime });

    // What could not be mounted is tried again with the container.
    private Task<IReadOnlyDictionary<string, PodVolume>> VolumesAsync(PodView sources)
    {
        lock (gate)
        {
            return volumes is null or { IsFaulted: true } ? volumes = services.Volumes.OpenAsync(Pod, nodeName, sources) : volumes;
        }
    }

    private async Task HookAsync(V1Container container, int restarts, V1LifecycleHandler hook)
    {
        var outcome = await Sandbox.HandleAsync(container, PodHandler.Of(hook), timeout: null);
        if (!outcome.Succeeded && RunOf(container.Name, restarts) is { Exit: null })
        {
            Tell(ObjectEvent.WarningType, container.Name, "FailedPostStartHook", $"PostStartHook failed: {outcome.Message}");
            Tell(ObjectEvent.NormalType, container.Name, "Killing", "FailedPostStartHook");
            await EndAsync(container, restarts, TimeSpan.FromSeconds(GraceSeconds));
        }
    }

    private void StartProbes(V1Container container, int restarts)
    {
        var ended = CancellationTokenSource.CreateLinkedTokenSource(gone.Token);
        probes[container.Name] = ended;
        (ProbeKind, V1Probe?)[] all = [(ProbeKind.Startup, container.StartupProbe), (ProbeKind.Liveness, container.LivenessProbe), (ProbeKind.Readiness, container.ReadinessProbe)];
        foreach (var (kind, probe) in all)
        {
            if (probe is not null)
            {
                new ProbeLoop(this, container, restarts, kind, probe).RunAsync(ended.Token).Ignore();
            }
        }
    }

    private void StopProbes(string container)
    {
        if (probes.TryRemove(container, out var running))
        {
            running.Cancel();
        }
    }

    private void Ended(ContainerEnd end)
    {
        StopProbes(end.Container);
        Update(end.Container, end.Restarts, run => run with
        {
            IsStarting = false,
            Ready = false,
            Exit = new ContainerExit(end.ExitCode, end.Message, end.NeverStarted),
        });
    }

    private static int StableHash(string uid) => (int)uid.Aggregate(2_166_136_261u, (hash, letter) => (hash ^ letter) * 16_777_619u);

    [LoggerMessage(Level = LogLevel.Warning, Message = "Container {Container} of {Pod} could not be made")]
    private static partial void LogFailed(ILogger logger, Exception failure, string container, string pod);
}
