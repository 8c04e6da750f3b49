using Orleans.Concurrency;
using Orleans.StatefulSets.Grains.Objects;

namespace Orleans.StatefulSets.Grains.Nodes;

/// <summary>A Node: the one writer of its object, and the kubelet of its pods.</summary>
[Alias("node")]
public interface INodeGrain : IObjectGrain
{
    /// <summary>A moment that a pod was waiting for has come.</summary>
    [OneWay]
    [AlwaysInterleave]
    [Alias("pod-due")]
    Task PodDue(string podKey);

    /// <summary>What may be done to the pods of the node is another than before, where it is lost.</summary>
    [OneWay]
    [AlwaysInterleave]
    [Alias("zone-changed")]
    Task ZoneChanged();
}
