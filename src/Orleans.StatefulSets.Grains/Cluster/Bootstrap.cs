using k8s.Models;
using Microsoft.Extensions.Options;
using Orleans.StatefulSets.Grains.Messages;
using Orleans.StatefulSets.Grains.Network;
using Orleans.StatefulSets.Grains.Nodes;
using Orleans.StatefulSets.Grains.Objects;
using Orleans.StatefulSets.Grains.Replicas;
using Orleans.StatefulSets.Grains.Time;
using Orleans.StatefulSets.Reconciliation.Nodes;
using Orleans.StatefulSets.Reconciliation.Volumes;
using Orleans.StatefulSets.Resources.Defaulting;
using Orleans.StatefulSets.Resources.Kinds;

namespace Orleans.StatefulSets.Grains.Cluster;

/// <summary>
/// What a new cluster begins with: its namespaces, nodes, default StorageClass and the Services of the API and of DNS. Made once; what is
/// there stays.
/// </summary>
internal sealed class Bootstrap(
    ReplicaSet replicas, ObjectRoutes routes, DirectWriter direct, ClusterClock clock, IOptions<NodeSettings> nodes, IOptions<NetworkSettings> network)
{
    private const int AtOnce = 64;

    /// <summary>Makes what is missing of a new cluster. On a stored one only what was never made: a deleted node does not come back.</summary>
    public async Task RunAsync(CancellationToken cancellation)
    {
        await replicas.Loaded.WaitAsync(cancellation);
        await replicas.Objects.WaitForHeadAsync(cancellation);
        var isNew = replicas.Find(ResourceKinds.Namespaces.Key("", "default")) is null;
        foreach (var name in (string[])["default", "kube-system", "kube-public", "kube-node-lease"])
        {
            await CreateAsync(new V1Namespace { ApiVersion = "v1", Kind = "Namespace", Metadata = new V1ObjectMeta { Name = name } });
        }

        foreach (var system in SystemPriorityClasses.All)
        {
            await CreateAsync(system);
        }

        // Also on a cluster that was stored before there was one: every pod's resolver asks it.
        await CreateAsync(DnsService.Service(network.Value.DnsAddress));
        await CreateAsync(DnsService.Endpoints());
        await CreateAsync(DnsService.EndpointSlice());
        if (!isNew)
        {
            return;
        }

        await CreateAsync(StorageClasses.Standard(clock.NowSeconds));
        foreach (var part in Enumerable.Range(0, nodes.Value.Count).Chunk(AtOnce))
        {
            await Task.WhenAll(part.Select(index => CreateAsync(NodeObjects.New(index, nodes.Value.Nodes, clock.NowSeconds)))).WaitAsync(cancellation);
        }

        await CreateAsync(ApiServer.Service());
        await CreateAsync(ApiServer.Endpoints());
        await CreateAsync(ApiServer.EndpointSlice());
    }

    private async Task CreateAsync(object model)
    {
        var metadata = ((IMetadata<V1ObjectMeta>)model).Metadata;
        var key = ResourceKinds.Of(model.GetType()).Key(metadata.NamespaceProperty ?? "", metadata.Name);
        if (replicas.Find(key) is not null)
        {
            return;
        }

        var reply = routes.Find(key) is { } grain ? await grain.Create(new Model(model)) : await direct.CreateAsync(key, model);
        if (reply.Refused && reply.ToException() is { Reason: not "AlreadyExists" } refusal)
        {
            throw refusal;
        }
    }
}
