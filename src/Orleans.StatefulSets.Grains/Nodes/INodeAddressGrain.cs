using Orleans.StatefulSets.Resources.Kinds;

namespace Orleans.StatefulSets.Grains.Nodes;

/// <summary>Gives out the address ranges of nodes, each once.</summary>
[Alias("node-addresses")]
public interface INodeAddressGrain : IGrainWithStringKey
{
    /// <summary>Gives a range to a node.</summary>
    /// <returns>The range's number, from 0; null where none is free.</returns>
    [Alias("allocate")]
    Task<int?> Allocate(ObjectKey node);
}
