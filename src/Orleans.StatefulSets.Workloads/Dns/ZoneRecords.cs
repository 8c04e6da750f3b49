using System.Globalization;
using Orleans.StatefulSets.Workloads.Network;

namespace Orleans.StatefulSets.Workloads.Dns;

/// <summary>Records of what a name stands for (CoreDNS' <c>plugin/backend_lookup.go</c>).</summary>
internal static class ZoneRecords
{
    private const int FullWeight = 100;

    /// <summary>An address for each entry that has one, each once.</summary>
    public static IEnumerable<DnsRecord> Addresses(string name, IReadOnlyList<ZoneEntry> entries) =>
        entries.Where(entry => entry.Address is not null).Select(entry => entry.Address!.Value).Distinct().Select(address => Address(name, address));

    /// <summary>A port and a target for each entry that has a port; the weights share 100 among all of them.</summary>
    public static (IReadOnlyList<DnsRecord> Targets, IReadOnlyList<DnsRecord> Addresses) Services(string name, IReadOnlyList<ZoneEntry> entries)
    {
        var hosts = entries.Where(entry => entry.Address is not null).ToList();
        var weight = hosts.Count == 0 ? FullWeight : Math.Max(1, FullWeight / hosts.Count);
        var served = hosts.Where(entry => entry.Port is not null).ToList();
        var targets = served.Select(entry => (entry.Owner, entry.Port)).Distinct()
            .Select(target => Record(name, DnsType.SRV, string.Create(CultureInfo.InvariantCulture, $"0 {weight} {target.Port} {target.Owner}")));
        var addresses = served.Select(entry => (entry.Owner, entry.Address)).Distinct().Select(target => Address(target.Owner, target.Address!.Value));
        return ([.. targets], [.. addresses]);
    }

    /// <summary>The address of a name.</summary>
    public static DnsRecord Address(string name, Ipv4Address address) => Record(name, DnsType.A, address.ToString());

    /// <summary>A record with the zone's time to live.</summary>
    public static DnsRecord Record(string name, DnsType type, string data) => new(name, type, ClusterZone.TimeToLive, data);
}
