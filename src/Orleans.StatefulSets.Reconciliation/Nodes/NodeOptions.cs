namespace Orleans.StatefulSets.Reconciliation.Nodes;

/// <summary>What the emulated machines are like.</summary>
public sealed record NodeOptions
{
    /// <summary>How many pods a node may run; upstream's default is 110.</summary>
    public int Pods { get; init; } = 110;

    /// <summary>Cores.</summary>
    public int Cpu { get; init; } = 8;

    /// <summary>Memory, as a Kubernetes quantity.</summary>
    public string Memory { get; init; } = "32Gi";

    /// <summary>Disk for containers, as a Kubernetes quantity.</summary>
    public string EphemeralStorage { get; init; } = "100Gi";

    /// <summary>How many zones the nodes are dealt out to (<c>zone-a</c>, <c>zone-b</c>, …); 0 for no zone label.</summary>
    public int Zones { get; init; }
}
