using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using k8s.Models;

namespace Orleans.StatefulSets.Reconciliation.Nodes;

/// <summary>Node objects as kubelets of a small 1.33 cluster register them and keep them (<c>pkg/kubelet/nodestatus/setters.go</c>).</summary>
public static class NodeObjects
{
    public const string KubeletVersion = "v1.33.1";

    /// <summary>What a node's kubelet holds back for itself, in bytes of memory: the hard eviction threshold.</summary>
    private const long EvictionThresholdBytes = 100L * 1024 * 1024;

    /// <summary>The name of a node, <c>node-1</c> for index 0.</summary>
    public static string Name(int index) => string.Create(CultureInfo.InvariantCulture, $"node-{index + 1}");

    /// <summary>A node that has just come up and is ready, without uid and resourceVersion.</summary>
    /// <param name="index">From 0; it gives the name and the addresses.</param>
    /// <param name="options">What the machine is like.</param>
    /// <param name="now">The simulated time.</param>
    public static V1Node New(int index, NodeOptions options, DateTime now)
    {
        var name = Name(index);
        var cidr = NodeAddresses.PodCidr(index, options.Pods);
        return new V1Node
        {
            ApiVersion = "v1",
            Kind = "Node",
            Metadata = new V1ObjectMeta
            {
                Name = name,
                Labels = Labels(index, name, options),
                Annotations = new Dictionary<string, string>
                {
                    ["node.alpha.kubernetes.io/ttl"] = "0",
                    ["volumes.kubernetes.io/controller-managed-attach-detach"] = "true",
                },
            },
            Spec = new V1NodeSpec { PodCIDR = cidr, PodCIDRs = [cidr] },
            Status = new V1NodeStatus
            {
                Addresses =
                [
                    new V1NodeAddress { Type = "InternalIP", Address = NodeAddresses.InternalIP(index) },
                    new V1NodeAddress { Type = "Hostname", Address = name },
                ],
                Capacity = Resources(options, reservedBytes: 0),
                Allocatable = Resources(options, EvictionThresholdBytes),
                Conditions = NodeConditions.Healthy(now),
                DaemonEndpoints = new V1NodeDaemonEndpoints { KubeletEndpoint = new V1DaemonEndpoint { Port = 10250 } },
                NodeInfo = Machine(name),
            },
        };
    }

    private static Dictionary<string, string> Labels(int index, string name, NodeOptions options)
    {
        var labels = new Dictionary<string, string>
        {
            ["beta.kubernetes.io/arch"] = "amd64",
            ["beta.kubernetes.io/os"] = "linux",
            ["kubernetes.io/arch"] = "amd64",
            ["kubernetes.io/hostname"] = name,
            ["kubernetes.io/os"] = "linux",
        };
        if (options.Zones > 0)
        {
            labels["topology.kubernetes.io/region"] = "local";
            labels["topology.kubernetes.io/zone"] = $"zone-{Letters(index % options.Zones)}";
        }

        return labels;
    }

    private static Dictionary<string, ResourceQuantity> Resources(NodeOptions options, long reservedBytes) => new()
    {
        ["cpu"] = new ResourceQuantity(options.Cpu.ToString(CultureInfo.InvariantCulture)),
        ["ephemeral-storage"] = new ResourceQuantity(options.EphemeralStorage),
        ["hugepages-1Gi"] = new ResourceQuantity("0"),
        ["hugepages-2Mi"] = new ResourceQuantity("0"),
        ["memory"] = Kibibytes(options.Memory, reservedBytes),
        ["pods"] = new ResourceQuantity(options.Pods.ToString(CultureInfo.InvariantCulture)),
    };

    // A kubelet reads /proc/meminfo, which counts in KiB.
    private static ResourceQuantity Kibibytes(string memory, long reservedBytes)
    {
        var bytes = Math.Max(0, new ResourceQuantity(memory).ToDecimal() - reservedBytes);
        return new ResourceQuantity(string.Create(CultureInfo.InvariantCulture, $"{(long)(bytes / 1024)}Ki"));
    }

    private static V1NodeSystemInfo Machine(string name) => new()
    {
        Architecture = "amd64",
        BootID = UuidOf($"{name}/boot"),
        ContainerRuntimeVersion = "containerd://1.7.27",
        KernelVersion = "6.8.0-60-generic",
        KubeProxyVersion = "",
        KubeletVersion = KubeletVersion,
        MachineID = UuidOf($"{name}/machine").Replace("-", "", StringComparison.Ordinal),
        OperatingSystem = "linux",
        OsImage = "Ubuntu 24.04.2 LTS",
        SystemUUID = UuidOf($"{name}/system"),
    };

    private static string UuidOf(string text) => new Guid(SHA256.HashData(Encoding.UTF8.GetBytes(text)).AsSpan(0, 16)).ToString();

    private static string Letters(int index) =>
        index < 26 ? ((char)('a' + index)).ToString() : Letters((index / 26) - 1) + (char)('a' + (index % 26));
}
