using k8s.Models;

namespace Orleans.StatefulSets.Grains.Cluster;

/// <summary>How the API server of a cluster is found from within: a Service without a selector, whose endpoints it keeps itself (<c>pkg/controlplane/reconcilers</c>).</summary>
internal static class ApiServer
{
    private const string Name = "kubernetes";
    private const string Namespace = "default";

    /// <summary>The control plane's machine, beside the nodes.</summary>
    private const string Address = "192.168.49.1";

    private const int Port = 6443;

    public static V1Service Service() => new()
    {
        ApiVersion = "v1",
        Kind = "Service",
        Metadata = new V1ObjectMeta
        {
            Name = Name,
            NamespaceProperty = Namespace,
            Labels = new Dictionary<string, string> { ["component"] = "apiserver", ["provider"] = Name },
        },
        Spec = new V1ServiceSpec
        {
            ClusterIP = "10.96.0.1",
            ClusterIPs = ["10.96.0.1"],
            Type = "ClusterIP",
            Ports = [new V1ServicePort { Name = "https", Port = 443, Protocol = "TCP", TargetPort = Port }],
        },
    };

    public static V1Endpoints Endpoints() => new()
    {
        ApiVersion = "v1",
        Kind = "Endpoints",
        Metadata = new V1ObjectMeta
        {
            Name = Name,
            NamespaceProperty = Namespace,
            Labels = new Dictionary<string, string> { ["endpointslice.kubernetes.io/skip-mirror"] = "true" },
        },
        Subsets =
        [
            new V1EndpointSubset
            {
                Addresses = [new V1EndpointAddress { Ip = Address }],
                Ports = [new Corev1EndpointPort { Name = "https", Port = Port, Protocol = "TCP" }],
            },
        ],
    };

    public static V1EndpointSlice EndpointSlice() => new()
    {
        ApiVersion = "discovery.k8s.io/v1",
        Kind = "EndpointSlice",
        Metadata = new V1ObjectMeta
        {
            Name = Name,
            NamespaceProperty = Namespace,
            Labels = new Dictionary<string, string> { ["kubernetes.io/service-name"] = Name },
        },
        AddressType = "IPv4",
        Endpoints = [new V1Endpoint { Addresses = [Address], Conditions = new V1EndpointConditions { Ready = true } }],
        Ports = [new Discoveryv1EndpointPort { Name = "https", Port = Port, Protocol = "TCP" }],
    };
}
