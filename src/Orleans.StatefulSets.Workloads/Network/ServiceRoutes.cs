using k8s.Models;

namespace Orleans.StatefulSets.Workloads.Network;

/// <summary>
/// What kube-proxy does, in its iptables mode, with TCP connections: from a Service's address or a node's port to ready endpoints
/// (<c>pkg/proxy/topology.go</c>, <c>pkg/proxy/iptables/proxier.go</c>).
/// </summary>
public static class ServiceRoutes
{
    private const string Tcp = "TCP";
    private const string Local = "Local";

    private static readonly ServiceRoute Dropped = new() { Verdict = ServiceVerdict.Drop };
    private static readonly ServiceRoute Rejected = new() { Verdict = ServiceVerdict.Reject };

    /// <summary>The way from a cluster address.</summary>
    /// <param name="services">The Services.</param>
    /// <param name="address">The address that is connected to.</param>
    /// <param name="port">The port that is connected to.</param>
    /// <param name="fromNode">The node of the client, for <c>internalTrafficPolicy: Local</c>; null where it is on none.</param>
    /// <returns>Null where it is no Service's address.</returns>
    public static ServiceRoute? Find(IServiceDirectory services, Ipv4Address address, int port, string? fromNode) =>
        services.FindByAddress(address) is not { } service ? null
        : PortOf(service, candidate => candidate.Port == port) is { } found ? Route(services, service, found, service.Spec.InternalTrafficPolicy == Local ? fromNode ?? "" : null)
        : Dropped;

    /// <summary>
    /// The way from a port of a node. <c>externalTrafficPolicy</c> is not asked: all traffic of the cluster comes from pods, and that of pods
    /// goes to every endpoint (the short cut of upstream's external chains).
    /// </summary>
    /// <returns>Null where the port is no Service's.</returns>
    public static ServiceRoute? FindByNodePort(IServiceDirectory services, int port) =>
        services.FindByNodePort(port) is { } service && PortOf(service, candidate => candidate.NodePort == port) is { } found ? Route(services, service, found, onlyNode: null) : null;

    private static V1ServicePort? PortOf(V1Service service, Func<V1ServicePort, bool> wanted) =>
        service.Spec.Ports?.FirstOrDefault(port => (port.Protocol ?? Tcp) == Tcp && wanted(port));

    private static ServiceRoute Route(IServiceDirectory services, V1Service service, V1ServicePort port, string? onlyNode)
    {
        var slices = services.SlicesOf(service.Metadata.NamespaceProperty, service.Metadata.Name);
        var anywhere = Targets(slices, port, onlyNode: null);
        if (anywhere.Count == 0)
        {
            return Rejected;
        }

        var targets = onlyNode is null ? anywhere : Targets(slices, port, onlyNode);
        return targets.Count == 0 ? Dropped : new ServiceRoute { Verdict = ServiceVerdict.Forward, Targets = targets, KeepsClient = service.Spec.SessionAffinity == "ClientIP" };
    }

    // Endpoints that go but still serve stand in where nobody is ready, so that a rollout of one pod loses nothing.
    private static List<RouteTarget> Targets(IReadOnlyList<ServiceSlice> slices, V1ServicePort port, string? onlyNode)
    {
        var ready = Targets(slices, port, onlyNode, endpoint => endpoint.IsReady);
        return ready.Count > 0 ? ready : Targets(slices, port, onlyNode, endpoint => endpoint.IsServingItsLast);
    }

    private static List<RouteTarget> Targets(IReadOnlyList<ServiceSlice> slices, V1ServicePort port, string? onlyNode, Func<SliceEndpoint, bool> serves)
    {
        var targets = new List<RouteTarget>();
        foreach (var slice in slices)
        {
            if (TargetPort(slice, port) is not { } number)
            {
                continue;
            }

            foreach (var endpoint in slice.Endpoints)
            {
                if (serves(endpoint) && (onlyNode is null || endpoint.Node == onlyNode))
                {
                    targets.Add(new RouteTarget(endpoint.Address, number));
                }
            }
        }

        return targets;
    }

    // A Service's port and a slice's belong together by name; the number may be another in each slice.
    private static int? TargetPort(ServiceSlice slice, V1ServicePort port)
    {
        foreach (var candidate in slice.Ports)
        {
            if (candidate.Name == (port.Name ?? "") && candidate.Protocol == Tcp)
            {
                return candidate.Port;
            }
        }

        return null;
    }
}
