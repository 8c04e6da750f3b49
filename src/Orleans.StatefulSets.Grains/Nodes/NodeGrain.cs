using k8s.Models;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Orleans.Concurrency;
using Orleans.Configuration;
using Orleans.StatefulSets.Grains.Nodes.Runtime;
using Orleans.StatefulSets.Grains.Objects;
using Orleans.StatefulSets.Grains.Streaming;
using Orleans.StatefulSets.Reconciliation.Nodes;
using Orleans.StatefulSets.Reconciliation.Pods;
using Orleans.StatefulSets.Resources.Kinds;
using Orleans.StatefulSets.Resources.Objects;
using Orleans.StatefulSets.Resources.Writing;

namespace Orleans.StatefulSets.Grains.Nodes;

/// <inheritdoc cref="INodeGrain"/>
[Reentrant]
internal sealed partial class NodeGrain(
    ObjectServices services, ObjectMutations mutations, RuntimeServices insides, NodeStreams streams, PodSessions sessions, IOptions<NodeSettings> settings, IOptions<SiloMessagingOptions> messaging,
    ISiloStatusOracle silos, ILogger<Kubelet> logger)
    : ObjectGrain(services), INodeGrain, IGrainMigrationParticipant
{
    private static readonly TimeSpan RetryAfter = TimeSpan.FromSeconds(1);

    private static readonly TimeSpan Always = TimeSpan.FromDays(365);

    private static readonly TimeSpan EndPatience = TimeSpan.FromSeconds(5);

    private const string LastAddress = "last-address";

    private string? lastAddress;
    private Kubelet kubelet = null!;
    private ContainerRuntime runtime = null!;
    private DecisionLoop loop = null!;
    private NodePods pods = null!;
    private Action? zoneChanged;
    private DateTime? evictedAt;
    private (StoredObject? Item, V1Node? Node) decoded;

    /// <inheritdoc/>
    public override Task Observe(StoredObject item, bool deleted)
    {
        kubelet.Observe(item, deleted);
        if (pods.IsConcerned)
        {
            loop.Wake();
        }

        return Task.CompletedTask;
    }

    /// <inheritdoc/>
    public Task PodDue(string podKey)
    {
        kubelet.Wake(podKey);
        return Task.CompletedTask;
    }

    /// <inheritdoc/>
    public Task ZoneChanged()
    {
        loop.Wake();
        return Task.CompletedTask;
    }

    /// <inheritdoc/>
    public void OnDehydrate(IDehydrationContext dehydrationContext) => dehydrationContext.TryAddValue(LastAddress, kubelet.LastAddress);

    /// <inheritdoc/>
    public void OnRehydrate(IRehydrationContext rehydrationContext) => rehydrationContext.TryGetValue(LastAddress, out lastAddress);

    /// <inheritdoc/>
    public override async Task OnDeactivateAsync(DeactivationReason reason, CancellationToken cancellationToken)
    {
        if (zoneChanged is not null)
        {
            Services.Replicas.Zones.Remove(Key.Name, zoneChanged);
        }

        if (runtime is not null)
        {
            // Whoever comes after it on another silo uses the same volumes: nothing of this one is under way to them then.
            await Task.WhenAny(runtime.EndAsync(), Task.Delay(EndPatience, insides.Wall, cancellationToken));
        }

        await base.OnDeactivateAsync(reason, cancellationToken);
    }

    /// <inheritdoc/>
    protected override void GoOn()
    {
        kubelet.Refill();
        loop.Wake();

        // Nodes never idle, and the first silo of a cluster makes them all: where another silo is the one for this node by now, it goes
        // there, as long as all is well with it and no pod is on it.
        if (kubelet.IsEmpty && !runtime.IsBusy && Node() is { } node && NodeConditions.IsReady(node) && !NodePower.IsSilent(node) && BelongsElsewhere())
        {
            this.MigrateOnIdle();
        }
    }

    /// <inheritdoc/>
    protected override async Task LoadedAsync(CancellationToken cancellation)
    {
        var self = this.AsReference<INodeGrain>();
        // A node whose pods have an inside must not go with idle grains.
        runtime = new ContainerRuntime(insides, Key.Name, Node, podKey => self.PodDue(podKey).Ignore(), busy => DelayDeactivation(busy ? Always : TimeSpan.Zero));
        kubelet = new Kubelet(Services, Key.Name, settings.Value.Latencies, Node, podKey => self.PodDue(podKey).Ignore(), runtime, logger) { LastAddress = lastAddress };
        pods = new NodePods(Services, Key.Name);
        loop = NewLoop(
            GoOnAsync,
            failure =>
            {
                LogFailed(failure, Key);
                NudgeAt(Now + RetryAfter);
            });
        // Before the first look: what changes from here on is told.
        zoneChanged = () => self.ZoneChanged().Ignore();
        Services.Replicas.Zones.Add(Key.Name, zoneChanged);
        await runtime.LoadAsync();
        kubelet.Refill();
        loop.Wake();
    }

    // As the placement by hash counts.
    private bool BelongsElsewhere()
    {
        var active = silos.GetApproximateSiloStatuses(onlyActive: true).Keys.Order().ToList();
        return active.Count > 1 && !active[(int)(this.GetGrainId().GetUniformHashCode() & 0x7fffffff) % active.Count].Equals(silos.SiloAddress);
    }

    // Its pods are collected a while after it.
    /// <inheritdoc/>
    protected override bool LingersWhenRemoved => true;

    // Asked at every step of every pod: decoded once a revision, whether or not the replica keeps the model.
    private V1Node? Node()
    {
        if (!ReferenceEquals(decoded.Item, Current))
        {
            decoded = (Current, Current?.As<V1Node>());
        }

        return decoded.Node;
    }

    /// <inheritdoc/>
    protected override async ValueTask<WriteDecision> AdmitAsync(WriteDecision decision)
    {
        if (decision.Outcome is not (WriteOutcome.Created or WriteOutcome.Updated))
        {
            return decision;
        }

        var node = NodePower.Stamp((V1Node)decision.Model, Node(), Services.Clock.NowSeconds);
        if (Node() is { } before)
        {
            return decision with { Model = NodeObjects.Resize(node, before) };
        }

        if (string.IsNullOrEmpty(node.Spec?.PodCIDR)
            && await Services.Grains.GetGrain<INodeAddressGrain>("default").Allocate(Key) is { } index)
        {
            var range = NodeAddresses.PodCidr(index, settings.Value.Nodes.Pods);
            node = node with { Spec = (node.Spec ?? new V1NodeSpec()) with { PodCIDR = range, PodCIDRs = [range] } };
        }

        return decision with { Model = NodeObjects.Admit(node, Services.Clock.NowSeconds) };
    }

    /// <inheritdoc/>
    protected override void Committed(Carried carried)
    {
        Services.Observers.Scheduler().Observe(carried.Object, carried.Removed).Ignore();
        Follow(carried.BeforeAs<V1Node>(), carried.Removed ? null : carried.Object.As<V1Node>());
        loop.Wake();
    }

    /// <inheritdoc/>
    protected override void CaughtUp(StoredObject? before, bool isBeginning) => Follow(before?.As<V1Node>(), Node());

    // The machine as the object is.
    private void Follow(V1Node? before, V1Node? node)
    {
        if (node is null || NodePower.IsOff(node) || (before is not null && before.Metadata.Uid != node.Metadata.Uid))
        {
            runtime.ForgetAll();
        }
        else
        {
            runtime.Freeze(NodePower.IsFrozen(node));
        }

        if (before is not null && node is not null && (NodePower.BootedAt(before) != NodePower.BootedAt(node) || NodePower.ThawedAt(before) != NodePower.ThawedAt(node)))
        {
            kubelet.WakeAll();
        }
    }

    private async Task GoOnAsync()
    {
        await ConfirmPodsAsync();
        while (Current is { } item && Node() is { } node)
        {
            var step = NodeDecision.Next(Situation(node));
            if (step.Next is null)
            {
                Await(step.DueAt);
                break;
            }

            if (await WriteRevisionsAsync(item, [step.Next], removed: false))
            {
                foreach (var told in step.Events)
                {
                    Tell(told);
                }
            }
        }

        await KeepLeaseAsync();
        Await(await pods.GoOnAsync(Node()));
        await RelieveAsync();
    }

    private NodeSituation Situation(V1Node node) => new()
    {
        Node = node,
        Mode = Services.Replicas.Zones.ModeOf(node),
        AddressIndex = NodeAddresses.IndexOf(node.Spec?.PodCIDR),
        Options = settings.Value.Nodes,
        Now = Now,
    };

    private async Task KeepLeaseAsync()
    {
        if (Node() is not { } node || NodePower.IsSilent(node) || !NodeConditions.IsReady(node))
        {
            return;
        }

        var lease = NodeLeases.Of(node, Services.Clock.NowSeconds);
        var key = ResourceKinds.Leases.Key(NodeLeases.Namespace, node.Metadata.Name);
        if (Services.Replicas.Find(key) is not null)
        {
            return;
        }

        // A kubelet tries with each renewal, such as while the namespace is missing.
        var reply = await mutations.WriteAsync(new WriteRequest { Key = key, Verb = WriteVerb.Create, Body = ObjectJson.Encode(lease) });
        if (reply.Refused && reply.ToException().Reason != "AlreadyExists")
        {
            NudgeAt(Now + NodeHeartbeat.RenewEvery);
        }
    }

    // While the node is short of something its kubelet ends one pod after another.
    private async Task RelieveAsync()
    {
        if (Node() is not { } node || NodePower.IsSilent(node) || PressureEviction.ShortOf(node) is not { } resource)
        {
            evictedAt = null;
            return;
        }

        if (evictedAt is null || evictedAt + PressureEviction.Every <= Now)
        {
            evictedAt = Now;
            Tell(PressureEviction.NodeEvent(resource, Key.Name));
            await kubelet.EvictOneAsync(resource);
        }

        NudgeAt(evictedAt.Value + PressureEviction.Every);
    }

    private void Await(DateTime? due)
    {
        if (due is { } moment)
        {
            NudgeAt(moment);
        }
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "{Node} could not be carried on; it is tried again")]
    private partial void LogFailed(Exception failure, ObjectKey node);
}
