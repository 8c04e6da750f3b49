using k8s.Models;
using Microsoft.Extensions.Options;
using Orleans.StatefulSets.Grains.Objects;
using Orleans.StatefulSets.Grains.Replicas;
using Orleans.StatefulSets.Reconciliation.Nodes;
using Orleans.StatefulSets.Resources.Kinds;

namespace Orleans.StatefulSets.Grains.Nodes;

/// <inheritdoc cref="INodeAddressGrain"/>
/// <remarks>What is in use stands in the nodes themselves; only what was given and is not committed yet lives here.</remarks>
internal sealed class NodeAddressGrain(ReplicaSet replicas, IOptions<NodeSettings> settings) : ClusterGrain, INodeAddressGrain
{
    private const int MostOutstanding = 1000;

    private readonly Dictionary<string, ObjectKey> given = [];
    private readonly Queue<string> order = new();

    /// <inheritdoc/>
    public async Task<int?> Allocate(ObjectKey node)
    {
        await replicas.For(node.Resource).WaitForHeadAsync(CancellationToken.None);
        var used = replicas.List(ResourceKinds.Nodes.Resource, null).Select(item => item.As<V1Node>().Spec?.PodCIDR).ToHashSet();
        for (var index = 0; index < NodeAddresses.MaxNodes; index++)
        {
            var range = NodeAddresses.PodCidr(index, settings.Value.Nodes.Pods);
            if (used.Contains(range) || (given.TryGetValue(range, out var holder) && holder != node))
            {
                continue;
            }

            if (given.TryAdd(range, node))
            {
                order.Enqueue(range);
                if (order.Count > MostOutstanding)
                {
                    given.Remove(order.Dequeue());
                }
            }

            return index;
        }

        return null;
    }
}
