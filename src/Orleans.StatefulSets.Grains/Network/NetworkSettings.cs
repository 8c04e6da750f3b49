using Orleans.StatefulSets.Workloads.Dns;

namespace Orleans.StatefulSets.Grains.Network;

/// <summary>The cluster's network.</summary>
public sealed class NetworkSettings
{
    /// <summary>The address that kube-dns gets where a cluster has none yet, of the range of Services.</summary>
    public string DnsAddress { get; set; } = ClusterDns.DefaultAddress;

    /// <summary>What the choice among endpoints and the order of addresses are drawn from.</summary>
    public ulong Seed { get; set; }
}
