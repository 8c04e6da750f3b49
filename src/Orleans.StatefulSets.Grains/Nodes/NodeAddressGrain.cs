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
    private readonly GivenAddresses given = new();

    // Every range below it is taken, as long as none was freed.
    private int firstFree;
    private long releases;

    /// <inheritdoc/>
    public async Task<int?> Allocate(ObjectKey node)
    {
        await replicas.For(node.Resource).WaitForHeadAsync(CancellationToken.None);
        var taken = replicas.NodeRanges;
        if (taken.Releases is var now && now != releases)
        {
            (releases, firstFree) = (now, 0);
        }

        while (firstFree < NodeAddresses.MaxNodes && taken.IsTaken(Range(firstFree)))
        {
            firstFree++;
        }

        for (var index = firstFree; index < NodeAddresses.MaxNodes; index++)
        {
            var range = Range(index);
            if (!taken.IsTaken(range) && !given.IsAnothers(range, node))
            {
                given.Add(range, node);
                return index;
            }
        }

        return null;
    }

    private string Range(int index) => NodeAddresses.PodCidr(index, settings.Value.Nodes.Pods);
}
