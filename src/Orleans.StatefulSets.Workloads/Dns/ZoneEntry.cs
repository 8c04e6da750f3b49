using Orleans.StatefulSets.Workloads.Network;

namespace Orleans.StatefulSets.Workloads.Dns;

/// <summary>Something that a name of the zone stands for; the records of every type are made from it (CoreDNS' <c>msg.Service</c>).</summary>
/// <param name="Owner">The full name under which it stands in the zone, which SRV records point to.</param>
internal readonly record struct ZoneEntry(string Owner)
{
    /// <summary>The address, where it has one.</summary>
    public Ipv4Address? Address { get; init; }

    /// <summary>The other name that it is an alias of, where it is one.</summary>
    public string? Alias { get; init; }

    /// <summary>The port, where one is declared.</summary>
    public int? Port { get; init; }
}
