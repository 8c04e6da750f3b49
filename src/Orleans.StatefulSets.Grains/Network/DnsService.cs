using k8s.Models;
using Orleans.StatefulSets.Workloads.Dns;

namespace Orleans.StatefulSets.Grains.Network;

/// <summary>
/// The Service by which pods find the cluster's DNS, as kubeadm makes it. No pods stand behind it: it has no selector, and its endpoints,
/// which are written once, are the control plane's machine, as those of the API are.
/// </summary>
internal static class DnsService
{
    private const int MetricsPort = 9153;

    public static V1Service Service(string address) => new()
    {
        ApiVersion = "v1",
        Kind = "Service",
        Metadata = new V1ObjectMeta
        {
            Name = ClusterDns.Name,
            NamespaceProperty = ClusterDns.Namespace,
            Labels = Labels(),
            Annotations = new Dictionary<string, string> { ["prometheus.io/port"] = $"{MetricsPort}", ["prometheus.io/scrape"] = "true" },
        },
        Spec = new V1ServiceSpec
        {
            ClusterIP = address,
            ClusterIPs = [address],
            Type = "ClusterIP",
            Ports = [.. Ports.Select(port => new V1ServicePort { Name = port.Name, Port = port.Number, Protocol = port.Protocol, TargetPort = port.Number })],
        },
    };

    public static V1Endpoints Endpoints() => new()
    {
        ApiVersion = "v1",
        Kind = "Endpoints",
        Metadata = new V1ObjectMeta
        {
            Name = ClusterDns.Name,
            NamespaceProperty = ClusterDns.Namespace,
            Labels = new Dictionary<string, string>(Labels()) { ["endpointslice.kubernetes.io/skip-mirror"] = "true" },
        },
        Subsets =
        [
            new V1EndpointSubset
            {
                Addresses = [new V1EndpointAddress { Ip = ResolverConfiguration.NodeServer }],
                Ports = [.. Ports.Select(port => new Corev1EndpointPort { Name = port.Name, Port = port.Number, Protocol = port.Protocol })],
            },
        ],
    };

    public static V1EndpointSlice EndpointSlice() => new()
    {
        ApiVersion = "discovery.k8s.io/v1",
        Kind = "EndpointSlice",
        Metadata = new V1ObjectMeta
        {
            Name = ClusterDns.Name,
            NamespaceProperty = ClusterDns.Namespace,
            Labels = new Dictionary<string, string>(Labels()) { ["kubernetes.io/service-name"] = ClusterDns.Name },
        },
        AddressType = "IPv4",
        Endpoints = [new V1Endpoint { Addresses = [ResolverConfiguration.NodeServer], Conditions = new V1EndpointConditions { Ready = true } }],
        Ports = [.. Ports.Select(port => new Discoveryv1EndpointPort { Name = port.Name, Port = port.Number, Protocol = port.Protocol })],
    };

    private static (string Name, int Number, string Protocol)[] Ports =>
        [("dns", ClusterDns.Port, "UDP"), ("dns-tcp", ClusterDns.Port, "TCP"), ("metrics", MetricsPort, "TCP")];

    private static Dictionary<string, string> Labels() => new()
    {
        ["k8s-app"] = ClusterDns.Name,
        ["kubernetes.io/cluster-service"] = "true",
        ["kubernetes.io/name"] = "CoreDNS",
    };
}
