using k8s.Models;
using Orleans.StatefulSets.Reconciliation.Pods;

namespace Orleans.StatefulSets.Reconciliation.Endpoints;

/// <summary>One pod as an endpoint of a slice (<c>podToEndpoint</c> of the endpointslice controller).</summary>
internal static class SliceEndpoints
{
    internal static V1Endpoint Of(V1Service service, V1Pod pod, Func<string, string?>? zoneOfNode)
    {
        var node = Node(pod);
        return new V1Endpoint
        {
            Addresses = [pod.Status.PodIP],
            Conditions = new V1EndpointConditions
            {
                Ready = IsReady(service, pod),
                Serving = PodReadiness.IsReady(pod),
                Terminating = PodReadiness.IsTerminating(pod),
            },
            Hostname = Hostname(service, pod),
            NodeName = node,
            TargetRef = ServiceMembership.Reference(pod),
            Zone = Zone(node, zoneOfNode),
        };
    }

    /// <summary>The endpoint itself where it says of its pod what is true; else a new one. Thousands are unchanged for one that is not.</summary>
    internal static V1Endpoint Renew(V1Endpoint current, V1Service service, V1Pod pod, Func<string, string?>? zoneOfNode)
    {
        var node = Node(pod);
        var isTrue = current.Addresses.Count == 1 && current.Addresses[0] == pod.Status.PodIP
            && current.Conditions is { } conditions
            && conditions.Ready == IsReady(service, pod)
            && conditions.Serving == PodReadiness.IsReady(pod)
            && conditions.Terminating == PodReadiness.IsTerminating(pod)
            && current.Hostname == Hostname(service, pod)
            && current.NodeName == node
            && current.TargetRef.Name == pod.Metadata.Name
            && current.Zone == Zone(node, zoneOfNode);
        return isTrue ? current : Of(service, pod, zoneOfNode);
    }

    internal static Discoveryv1EndpointPort Port(ResolvedPort port) =>
        new() { Name = port.Name, Port = port.Port, Protocol = port.Protocol, AppProtocol = port.AppProtocol };

    internal static bool SamePorts(IList<Discoveryv1EndpointPort> left, List<Discoveryv1EndpointPort> right) =>
        left.Count == right.Count && left.All(right.Contains);

    // Never for a terminating pod, unless the Service publishes pods whatever their readiness.
    private static bool IsReady(V1Service service, V1Pod pod) =>
        ServiceMembership.PublishesNotReady(service) || (PodReadiness.IsReady(pod) && !PodReadiness.IsTerminating(pod));

    private static string? Hostname(V1Service service, V1Pod pod) => ServiceMembership.HasHostname(service, pod) ? pod.Spec.Hostname : null;

    private static string? Node(V1Pod pod) => string.IsNullOrEmpty(pod.Spec.NodeName) ? null : pod.Spec.NodeName;

    private static string? Zone(string? node, Func<string, string?>? zoneOfNode) => node is null ? null : zoneOfNode?.Invoke(node);
}
