using Orleans.StatefulSets.Reconciliation.Nodes;
using Orleans.StatefulSets.Reconciliation.Pods;

namespace Orleans.StatefulSets.Grains.Nodes;

/// <summary>The emulated nodes: how many there are at first, what they are like, and how long things take on them.</summary>
public sealed class NodeSettings
{
    /// <summary>How many nodes a new cluster begins with.</summary>
    public int Count { get; set; } = 3;

    /// <summary>What each of them is like.</summary>
    public NodeOptions Nodes { get; set; } = new();

    /// <summary>How long the parts of a pod's life take, in simulated time.</summary>
    public PodLatencies Latencies { get; set; } = PodLatencies.Realistic;

    /// <summary>How long it takes to make a volume for a claim, in simulated time.</summary>
    public TimeSpan VolumeProvisioning { get; set; } = TimeSpan.FromSeconds(1);
}
