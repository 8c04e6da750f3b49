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
    private const int MostStops = 8;
    private static readonly TimeSpan StopAgainAfter = TimeSpan.FromMilliseconds(250);

    private readonly ConcurrentDictionary<string, ContainerRun> runs = new(StringComparer.Ordinal);
    private readonly ConcurrentDictionary<string, ContainerLife> lives = new(StringComparer.Ordinal);
    private readonly RuntimeServices services;
    private readonly string nodeName;
    private readonly Func<V1Node?> node;
    private readonly Action wake;
    private readonly string hostName;
    private readonly Lock gate = new();
    private volatile bool isClosed;
    private StoredObject item;
    private readonly string? address;

    public LivePod(RuntimeServices services, string nodeName, Func<V1Node?> node, ContainerMarks marks, StoredObject item, string? address, Task before, Action wake)
    {
        (this.services, this.nodeName, this.node, this.item, this.address, this.before, this.wake) = (services, nodeName, node, item, address, before, wake);
        use = services.Volumes.Begin();
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

    // Its containers may begin before its status says where it is.
    private V1Pod AddressedPod => Pod is { Status.PodIP: null or "" } pod && address is not null
        ? pod with { Status = pod.Status with { PodIP = address, PodIPs = [new V1PodIP { Ip = address }] } }
        : Pod;

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

    /// <summary>Begins an instance of a container. In the turn of the node's grain only.</summary>
    /// <param name="container">The container.</param>
    /// <param name="restarts">Which instance.</param>
    /// <param name="isKnown">The kubelet has said already that it runs: it was not looked into until now.</param>
    public Task StartAsync(V1Container container, int restarts, bool isKnown)
    {
        var life = new ContainerLife(restarts, isKnown);
        if (lives.TryGetValue(container.Name, out var before))
        {
            before.End();
        }

        lives[container.Name] = life;
        runs[container.Name] = new ContainerRun
        {
            Restarts = restarts,
            IsStarting = !isKnown,
            Started = container.StartupProbe is null,
            Ready = container.StartupProbe is null && container.ReadinessProbe is null,
        };
        var sources = new PodView(services.Replicas, Pod, node());
        return life.Made = Task.Run(() => MakeAsync(container, life, sources));
    }

    /// <summary>Completes when what is begun because somebody looked is there.</summary>
    public Task BegunAsync() => Task.WhenAll(lives.Values.Where(life => life.IsKnown).Select(life => life.Made));

    /// <summary>Asks an instance to end: its preStop hook, then its image's signal; and ends it where it takes longer than it may.</summary>
    public async Task EndAsync(V1Container container, int restarts, TimeSpan grace)
    {
        if (LifeOf(container.Name, restarts) is not { } life)
        {
            return;
        }

        var deadline = services.Time.GetUtcNow() + grace;
        await StopAsync(container, restarts, grace);
        try
        {
            if (deadline - services.Time.GetUtcNow() is { Ticks: > 0 } left)
            {
                await Task.Delay(left, services.Time, life.Ended);
            }
        }
        catch (OperationCanceledException)
        {
            return;
        }

        Kill(container.Name, restarts);
    }

    /// <summary>Runs an instance's preStop hook, then asks it to end.</summary>
    public async Task StopAsync(V1Container container, int restarts, TimeSpan grace)
    {
        Update(container.Name, restarts, run => run with { IsStopping = true });
        LifeOf(container.Name, restarts)?.StopProbes();
        if (container.Lifecycle?.PreStop is { } hook && grace > TimeSpan.Zero && RunOf(container.Name, restarts) is { Exit: null })
        {
            var outcome = await Sandbox.HandleAsync(container, PodHandler.Of(hook), grace);
            if (!outcome.Succeeded && RunOf(container.Name, restarts) is { Exit: null })
            {
                // What came of it is nobody's business but the pod's: upstream tells no more, lest a secret gets into an Event.
                Tell(ObjectEvent.WarningType, container.Name, "FailedPreStopHook", "PreStopHook failed");
            }
        }

        if (LifeOf(container.Name, restarts) is { IsKnown: true } life)
        {
            await StopLateAsync(container.Name, life);
        }
        else
        {
            await Sandbox.StopAsync(container.Name, restarts);
        }
    }

    // Of what is begun only because somebody looked it is said that it has run for long: it hears a signal that comes before it is there to hear it.
    private async Task StopLateAsync(string container, ContainerLife life)
    {
        await life.Made;
        for (var sent = 0; sent < MostStops && !life.Ended.IsCancellationRequested; sent++)
        {
            await Sandbox.StopAsync(container, life.Restarts);
            await Task.Delay(StopAgainAfter, services.Wall, life.Ended).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    /// <summary>Ends an instance at once.</summary>
    public void Kill(string container, int restarts) => Sandbox.SignalAsync(container, restarts, Workloads.Processes.Signals.Kill).Ignore();

    /// <summary>The startup probe of an instance has succeeded: the others begin.</summary>
    public void Started(V1Container container, ContainerLife life)
    {
        Update(container.Name, life.Restarts, run => run with { Started = true, Ready = container.ReadinessProbe is null });
        Probe(container, life, ProbeKind.Liveness, container.LivenessProbe);
        Probe(container, life, ProbeKind.Readiness, container.ReadinessProbe);
    }

    /// <summary>What is told of a container that a probe ends.</summary>
    public string KillingText(V1Container container, ProbeKind kind)
    {
        var isInit = Pod.Spec.InitContainers?.Any(init => init.Name == container.Name) == true;
        var text = $"{(isInit ? "Init container" : "Container")} {container.Name} failed {kind.ToString().ToLowerInvariant()} probe";
        return isInit || Pod.Spec.RestartPolicy == "Never" ? text : text + ", will be restarted";
    }

    /// <summary>Tells of one of its containers.</summary>
    public void Tell(string type, string container, string reason, string message)
    {
        var field = Pod.Spec.InitContainers?.Any(init => init.Name == container) == true ? "initContainers" : "containers";
        services.Events.Record(new ObjectEvent(type, reason, message, "kubelet", nodeName, $"spec.{field}{{{container}}}"), item);
    }

    private async Task MakeAsync(V1Container container, ContainerLife life, PodView sources)
    {
        var restarts = life.Restarts;
        try
        {
            var setup = ContainerSetups.Of(AddressedPod, container, services.Images.Find(container), hostName, sources, await VolumesAsync(sources));
            life.StartedAt = services.Time.GetUtcNow();
            await Sandbox.StartAsync(setup, restarts, isLate: life.IsKnown);
            if (life.IsKnown && Pod.Metadata.DeletionTimestamp is not null)
            {
                StopLateAsync(container.Name, life).Ignore();
            }

            if (!life.IsKnown && container.Lifecycle?.PostStart is { } hook)
            {
                await HookAsync(container, restarts, hook);
            }

            Update(container.Name, restarts, run => run with { IsStarting = false });
            if (container.StartupProbe is { } startup)
            {
                Probe(container, life, ProbeKind.Startup, startup);
            }
            else
            {
                Probe(container, life, ProbeKind.Liveness, container.LivenessProbe);
                Probe(container, life, ProbeKind.Readiness, container.ReadinessProbe);
            }
        }
        catch (VolumeMountException) when (isClosed)
        {
            // Nobody waits for it any more.
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

    private async Task HookAsync(V1Container container, int restarts, V1LifecycleHandler hook)
    {
        var outcome = await Sandbox.HandleAsync(container, PodHandler.Of(hook), timeout: null);
        if (!outcome.Succeeded && RunOf(container.Name, restarts) is { Exit: null })
        {
            Tell(ObjectEvent.WarningType, container.Name, "FailedPostStartHook", "PostStartHook failed");
            Tell(ObjectEvent.NormalType, container.Name, "Killing", "FailedPostStartHook");
            await EndAsync(container, restarts, TimeSpan.FromSeconds(GraceSeconds));
        }
    }

    private void Probe(V1Container container, ContainerLife life, ProbeKind kind, V1Probe? probe)
    {
        if (probe is not null)
        {
            new ProbeLoop(this, container, life, kind, probe).RunAsync().Ignore();
        }
    }

    private ContainerLife? LifeOf(string container, int restarts) => lives.TryGetValue(container, out var life) && life.Restarts == restarts ? life : null;

    private void Ended(ContainerEnd end)
    {
        // Known before anybody hears that it ended: what goes on around it asks how it is.
        Update(end.Container, end.Restarts, run => run with
        {
            IsStarting = false,
            Ready = false,
            Exit = new ContainerExit(end.ExitCode, end.Message, end.NeverStarted),
        });
        LifeOf(end.Container, end.Restarts)?.End();
    }

    private static int StableHash(string uid) => (int)uid.Aggregate(2_166_136_261u, (hash, letter) => (hash ^ letter) * 16_777_619u);

    [LoggerMessage(Level = LogLevel.Warning, Message = "Container {Container} of {Pod} could not be made")]
    private static partial void LogFailed(ILogger logger, Exception failure, string container, string pod);
}
