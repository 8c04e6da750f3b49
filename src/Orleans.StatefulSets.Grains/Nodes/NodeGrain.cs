using k8s.Models;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Orleans.Concurrency;
using Orleans.StatefulSets.Grains.Objects;
using Orleans.StatefulSets.Reconciliation.Nodes;
using Orleans.StatefulSets.Resources.Kinds;
using Orleans.StatefulSets.Resources.Objects;
using Orleans.StatefulSets.Resources.Writing;

namespace Orleans.StatefulSets.Grains.Nodes;

/// <inheritdoc cref="INodeGrain"/>
[Reentrant]
internal sealed class NodeGrain(ObjectServices services, IOptions<NodeSettings> settings, ILogger<Kubelet> logger) : ObjectGrain(services), INodeGrain
{
    private Kubelet kubelet = null!;
    private (StoredObject? Item, V1Node? Node) decoded;

    /// <inheritdoc/>
    public override Task Observe(StoredObject item, bool deleted)
    {
        kubelet.Observe(item, deleted);
        return Task.CompletedTask;
    }

    /// <inheritdoc/>
    public Task PodDue(string podKey)
    {
        kubelet.Wake(podKey);
        return Task.CompletedTask;
    }

    /// <inheritdoc/>
    public override Task Nudge()
    {
        kubelet.Refill();
        return Task.CompletedTask;
    }

    /// <inheritdoc/>
    protected override Task LoadedAsync(CancellationToken cancellation)
    {
        var self = this.AsReference<INodeGrain>();
        kubelet = new Kubelet(Services, Key.Name, settings.Value.Latencies, Node, podKey => self.PodDue(podKey).Ignore(), logger);
        kubelet.Refill();
        return Task.CompletedTask;
    }

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
    protected override ValueTask<WriteDecision> AdmitAsync(WriteDecision decision)
    {
        var node = (V1Node)decision.Model;
        if (decision.Outcome != WriteOutcome.Created || !string.IsNullOrEmpty(node.Spec?.PodCIDR))
        {
            return new(decision);
        }

        var taken = Services.Replicas.List(ResourceKinds.Nodes.Resource, null).Select(item => item.As<V1Node>().Spec?.PodCIDR).ToHashSet();
        var range = Enumerable.Range(0, NodeAddresses.MaxNodes).Select(index => NodeAddresses.PodCidr(index, settings.Value.Nodes.Pods)).First(cidr => !taken.Contains(cidr));
        return new(decision with { Model = node with { Spec = (node.Spec ?? new V1NodeSpec()) with { PodCIDR = range, PodCIDRs = [range] } } });
    }

    /// <inheritdoc/>
    protected override void Committed(Carried carried) =>
        Services.Observers.Scheduler().Observe(carried.Object, carried.Removed).Ignore();
}
