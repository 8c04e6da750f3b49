using System.Collections.Immutable;
using k8s.Models;

namespace Orleans.StatefulSets.Workloads.Network;

/// <summary>What DNS and the Service proxy need of an EndpointSlice: some 25 bytes an endpoint and its host name.</summary>
public sealed record ServiceSlice
{
    private const string ServiceNameLabel = "kubernetes.io/service-name";
    private const string AddressType = "IPv4";

    /// <summary>The namespace of the slice and of its Service.</summary>
    public required string Namespace { get; init; }

    /// <summary>The Service whose slice it is.</summary>
    public required string Service { get; init; }

    /// <summary>The slice's own name.</summary>
    public required string Name { get; init; }

    /// <summary>The ports that each of the endpoints offers; none says that none is declared.</summary>
    public required ImmutableArray<SlicePort> Ports { get; init; }

    /// <summary>The endpoints, ready or not.</summary>
    public required ImmutableArray<SliceEndpoint> Endpoints { get; init; }

    /// <summary>Reads a slice; null where it is no Service's, or of another family than IPv4, which is the cluster's.</summary>
    /// <param name="slice">The slice.</param>
    /// <param name="share">Gives one string for all equal ones: thousands of endpoints name the same nodes.</param>
    public static ServiceSlice? Of(V1EndpointSlice slice, Func<string, string> share)
    {
        if (slice.AddressType != AddressType || slice.Metadata.Labels is not { } labels || !labels.TryGetValue(ServiceNameLabel, out var service) || service.Length == 0)
        {
            return null;
        }

        return new ServiceSlice
        {
            Namespace = slice.Metadata.NamespaceProperty,
            Service = service,
            Name = slice.Metadata.Name,
            Ports = [.. (slice.Ports ?? []).Select(port => new SlicePort(port.Name ?? "", port.Port, port.Protocol ?? "TCP"))],
            Endpoints = [.. (slice.Endpoints ?? []).SelectMany(endpoint => EndpointsOf(endpoint, share))],
        };
    }

    private static IEnumerable<SliceEndpoint> EndpointsOf(V1Endpoint endpoint, Func<string, string> share)
    {
        var conditions = endpoint.Conditions;
        var ready = conditions?.Ready ?? true;
        foreach (var text in endpoint.Addresses ?? [])
        {
            if (Ipv4Address.TryParse(text, out var address))
            {
                yield return new SliceEndpoint(
                    address,
                    string.IsNullOrEmpty(endpoint.Hostname) ? null : endpoint.Hostname,
                    string.IsNullOrEmpty(endpoint.NodeName) ? null : share(endpoint.NodeName),
                    ready,
                    (conditions?.Serving ?? ready) && conditions?.Terminating == true);
            }
        }
    }
}

/// <summary>A port of a slice.</summary>
/// <param name="Name">Its name, "" for the one that has none.</param>
/// <param name="Port">Where the endpoints listen; null says that it is not told.</param>
/// <param name="Protocol"><c>TCP</c>, <c>UDP</c> or <c>SCTP</c>.</param>
public readonly record struct SlicePort(string Name, int? Port, string Protocol);

/// <summary>One address behind a Service.</summary>
/// <param name="Address">Where.</param>
/// <param name="Hostname">The label by which the endpoint has a name under the Service's; null where it has none of its own.</param>
/// <param name="Node">The node that it is on; null where that is not told.</param>
/// <param name="IsReady">It takes part: its pod is ready and stays, or the Service publishes pods whatever their readiness.</param>
/// <param name="IsServingItsLast">Its pod goes, and still serves: it is turned to where nobody is ready.</param>
public readonly record struct SliceEndpoint(Ipv4Address Address, string? Hostname, string? Node, bool IsReady, bool IsServingItsLast)
{
    /// <summary>The label of the endpoint under its Service's name: its host name, else its address with dashes.</summary>
    public string Label => Hostname ?? Address.Dashed;
}
