using k8s.Models;

namespace Orleans.StatefulSets.Resources.Defaulting;

/// <summary>SetDefaults_Service (pkg/apis/core/v1/defaults.go) and the families of a single-stack IPv4 cluster (pkg/registry/core/service/storage/alloc.go).</summary>
internal static class ServiceDefaults
{
    private const string None = "None";
    private const int AffinitySeconds = 10800;

    /// <summary>A service's spec with its defaults; addresses and node ports are allocated elsewhere.</summary>
    public static V1ServiceSpec Fill(V1ServiceSpec spec)
    {
        var type = string.IsNullOrEmpty(spec.Type) ? "ClusterIP" : spec.Type;
        var affinity = string.IsNullOrEmpty(spec.SessionAffinity) ? None : spec.SessionAffinity;
        var isLoadBalancer = type == "LoadBalancer";
        var isExternal = type is "NodePort" or "LoadBalancer" || (type == "ClusterIP" && spec.ExternalIPs is { Count: > 0 });
        var hasAddress = type is "ClusterIP" or "NodePort" or "LoadBalancer";
        var filled = spec with
        {
            Type = type,
            SessionAffinity = affinity,
            SessionAffinityConfig = affinity == "ClientIP" ? FillAffinity(spec.SessionAffinityConfig) : affinity == None ? null : spec.SessionAffinityConfig,
            Ports = SharedLists.Each(spec.Ports, FillPort),
            ExternalTrafficPolicy = isExternal && string.IsNullOrEmpty(spec.ExternalTrafficPolicy) ? "Cluster" : spec.ExternalTrafficPolicy,
            InternalTrafficPolicy = spec.InternalTrafficPolicy ?? (hasAddress ? "Cluster" : null),
            AllocateLoadBalancerNodePorts = spec.AllocateLoadBalancerNodePorts ?? (isLoadBalancer ? true : null),
        };
        return hasAddress ? FillFamilies(filled) : filled;
    }

    private static V1ServiceSpec FillFamilies(V1ServiceSpec spec)
    {
        var isHeadless = spec.ClusterIP == None;
        var hasNoSelector = spec.Selector is not { Count: > 0 };
        var bothFamilies = isHeadless && hasNoSelector && string.IsNullOrEmpty(spec.IpFamilyPolicy);
        return spec with
        {
            ClusterIPs = string.IsNullOrEmpty(spec.ClusterIP) || spec.ClusterIPs is { Count: > 0 } ? spec.ClusterIPs : [spec.ClusterIP],
            IpFamilies = spec.IpFamilies is { Count: > 0 } ? spec.IpFamilies : bothFamilies ? ["IPv4", "IPv6"] : ["IPv4"],
            IpFamilyPolicy = string.IsNullOrEmpty(spec.IpFamilyPolicy) ? bothFamilies ? "RequireDualStack" : "SingleStack" : spec.IpFamilyPolicy,
        };
    }

    private static V1SessionAffinityConfig FillAffinity(V1SessionAffinityConfig? config) =>
        config?.ClientIP?.TimeoutSeconds is not null
            ? config
            : new V1SessionAffinityConfig { ClientIP = new V1ClientIPConfig { TimeoutSeconds = AffinitySeconds } };

    private static V1ServicePort FillPort(V1ServicePort port)
    {
        var hasTarget = port.TargetPort?.Value is not (null or "" or "0");
        return hasTarget && !string.IsNullOrEmpty(port.Protocol)
            ? port
            : port with
            {
                Protocol = string.IsNullOrEmpty(port.Protocol) ? "TCP" : port.Protocol,
                TargetPort = hasTarget ? port.TargetPort : port.Port,
            };
    }
}
