using Orleans.StatefulSets.Workloads.Network;

namespace Orleans.StatefulSets.Workloads.Dns;

/// <summary>The names of addresses (CoreDNS' <c>plugin/kubernetes/reverse.go</c>).</summary>
internal static class ReverseLookup
{
    private const string Zone = "in-addr.arpa";

    /// <summary>Whether a name stands for an IPv4 address; IPv6's, which the cluster has none of, are found nowhere.</summary>
    public static bool Covers(string name) => name.EndsWith("." + Zone, StringComparison.Ordinal);

    /// <summary>The names of an address: the Service whose cluster address it is, else every ready endpoint there.</summary>
    /// <param name="services">The Services.</param>
    /// <param name="name">The address, its octets reversed, before <c>in-addr.arpa</c>; in lower case.</param>
    public static IReadOnlyList<string> Names(IServiceDirectory services, string name)
    {
        if (!Ipv4Address.TryParse(name.AsSpan(0, name.Length - Zone.Length - 1), out var reversed))
        {
            return [];
        }

        var address = new Ipv4Address(System.Buffers.Binary.BinaryPrimitives.ReverseEndianness(reversed.Number));
        return services.FindByAddress(address) is { } service
            ? [ZoneLookup.NameOf(service.Metadata.NamespaceProperty, service.Metadata.Name)]
            : [.. services.SlicesWith(address).SelectMany(slice => NamesIn(slice, address)).Distinct(StringComparer.OrdinalIgnoreCase)];
    }

    private static IEnumerable<string> NamesIn(ServiceSlice slice, Ipv4Address address) => slice.Endpoints
        .Where(endpoint => endpoint.IsReady && endpoint.Address == address)
        .Select(endpoint => $"{endpoint.Label}.{ZoneLookup.NameOf(slice.Namespace, slice.Service)}");
}
