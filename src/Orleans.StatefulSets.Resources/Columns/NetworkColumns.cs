using System.Globalization;
using k8s.Models;

namespace Orleans.StatefulSets.Resources.Columns;

/// <summary>printEndpoints and printEndpointSlice.</summary>
internal static class NetworkColumns
{
    private const string None = "<none>";
    private const string Unset = "<unset>";
    private const int Shown = 3;

    public static readonly TableLayout Endpoints = Column.Layout<V1Endpoints>(
        [
            Column.Name,
            Column.Text("Endpoints", "The set of all endpoints is the union of all subsets. Addresses are placed into subsets according to the IPs they share."),
            Column.Age,
        ],
        static (endpoints, now) =>
        [
            endpoints.Metadata.Name,
            Addresses(endpoints.Subsets),
            HumanDuration.Since(endpoints.Metadata.CreationTimestamp, now),
        ]);

    public static readonly TableLayout EndpointSlices = Column.Layout<V1EndpointSlice>(
        [
            Column.Name,
            Column.Text("AddressType", "addressType specifies the type of address carried by this EndpointSlice."),
            Column.Text("Ports", "ports specifies the list of network ports exposed by each endpoint in this slice."),
            Column.Text("Endpoints", "endpoints is a list of unique endpoints in this slice."),
            Column.Age,
        ],
        static (slice, now) =>
        [
            slice.Metadata.Name,
            slice.AddressType,
            Ports(slice.Ports),
            Addresses(slice.Endpoints),
            HumanDuration.Since(slice.Metadata.CreationTimestamp, now),
        ]);

    private static string Addresses(IList<V1EndpointSubset>? subsets)
    {
        if (subsets is not { Count: > 0 })
        {
            return None;
        }

        var shown = new List<string>(Shown);
        var count = 0;
        foreach (var text in subsets.SelectMany(Pairs))
        {
            count++;
            if (shown.Count < Shown)
            {
                shown.Add(text);
            }
        }

        return Joined(shown, count);
    }

    private static IEnumerable<string> Pairs(V1EndpointSubset subset)
    {
        var addresses = subset.Addresses ?? [];
        return subset.Ports is not { Count: > 0 } ports
            ? addresses.Select(address => address.Ip)
            : ports.SelectMany(port => addresses.Select(address => HostPort(address.Ip, port.Port)));
    }

    private static string HostPort(string ip, int port) =>
        ip.Contains(':', StringComparison.Ordinal) ? $"[{ip}]:{port}" : $"{ip}:{port}";

    private static string Ports(IList<Discoveryv1EndpointPort>? ports)
    {
        if (ports is not { Count: > 0 })
        {
            return Unset;
        }

        var shown = ports.Take(Shown).Select(port => port.Port?.ToString(CultureInfo.InvariantCulture) ?? port.Name ?? "*").ToList();
        return Joined(shown, ports.Count);
    }

    private static string Addresses(IList<V1Endpoint>? endpoints)
    {
        if (endpoints is not { Count: > 0 })
        {
            return Unset;
        }

        var all = endpoints.SelectMany(endpoint => endpoint.Addresses ?? []);
        return Joined([.. all.Take(Shown)], endpoints.Sum(endpoint => endpoint.Addresses?.Count ?? 0));
    }

    private static string Joined(List<string> shown, int count)
    {
        var text = string.Join(',', shown);
        return count > shown.Count ? $"{text} + {count - shown.Count} more..." : text;
    }
}
