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

    /// <summary>
    /// A node that somebody created, as its kubelet registers it once it runs: what is given stays, such as a capacity; the rest is filled in.
    /// </summary>
    /// <param name="node">The node as created.</param>
    /// <param name="index">The number of its address range, from 0.</param>
    /// <param name="options">What machines are like where nothing else is said.</param>
    /// <param name="now">The simulated time.</param>
    public static V1Node Register(V1Node node, int index, NodeOptions options, DateTime now)
    {
        var name = node.Metadata.Name;
        var fresh = New(index, options, now);
        var status = node.Status ?? new V1NodeStatus();
        var capacity = Filled(status.Capacity, fresh.Status.Capacity);
        return node with
        {
            Metadata = node.Metadata with
            {
                Labels = Filled(node.Metadata.Labels, Labels(index, name, options)),
                Annotations = Filled(node.Metadata.Annotations, fresh.Metadata.Annotations),
            },
            Status = status with
            {
                Addresses = status.Addresses is { Count: > 0 } ? status.Addresses : [fresh.Status.Addresses[0], new V1NodeAddress { Type = "Hostname", Address = name }],
                Capacity = capacity,
                // What is the same as the capacity the API server filled in; a kubelet knows better.
                Allocatable = Filled(
                    status.Allocatable?.Where(pair => !capacity.TryGetValue(pair.Key, out var all) || all.ToDecimal() != pair.Value.ToDecimal()).ToDictionary(),
                    AllocatableOf(capacity)),
                Conditions = NodeConditions.Posted(status.Conditions, now),
                DaemonEndpoints = status.DaemonEndpoints ?? fresh.Status.DaemonEndpoints,
                NodeInfo = string.IsNullOrEmpty(status.NodeInfo?.KubeletVersion) ? Machine(name) : status.NodeInfo,
            },
        };
    }

    /// <summary>
    /// A node as the API server takes a new one: whoever has not said that it is ready yet keeps pods away until it is
    /// (<c>plugin/pkg/admission/nodetaint</c>).
    /// </summary>
    public static V1Node Admit(V1Node node, DateTime now) => NodeConditions.IsReady(node)
        ? node
        : node with { Spec = (node.Spec ?? new V1NodeSpec()) with { Taints = NodeTaints.Next(node, EvictionMode.Held, now) } };

    /// <summary>A machine whose capacity was changed: what the kubelet gives to pods grows or shrinks with it, unless that was changed too.</summary>
    public static V1Node Resize(V1Node next, V1Node before)
    {
        if (next.Status?.Capacity is not { } capacity || before.Status?.Capacity is not { } had || before.Status.Allocatable is not { } gave)
        {
            return next;
        }

        var allocatable = new Dictionary<string, ResourceQuantity>(next.Status.Allocatable ?? new Dictionary<string, ResourceQuantity>());
        foreach (var (resource, amount) in capacity)
        {
            var changed = !had.TryGetValue(resource, out var old) || old.ToDecimal() != amount.ToDecimal();
            var untouched = allocatable.TryGetValue(resource, out var given)
                ? gave.TryGetValue(resource, out var gaveBefore) && gaveBefore.ToDecimal() == given.ToDecimal()
                : true;
            if (changed && untouched)
            {
                allocatable[resource] = resource == "memory" ? Kibibytes(amount.ToString(), EvictionThresholdBytes) : amount;
            }
        }

        return next with { Status = next.Status with { Allocatable = allocatable } };
    }

    /// <summary>The id of one boot of a machine.</summary>
    internal static string BootId(string name, DateTime at) => UuidOf(string.Create(CultureInfo.InvariantCulture, $"{name}/boot/{at:O}"));

    private static Dictionary<string, ResourceQuantity> AllocatableOf(IDictionary<string, ResourceQuantity> capacity) => capacity.ToDictionary(
        pair => pair.Key, pair => pair.Key == "memory" ? Kibibytes(pair.Value.ToString(), EvictionThresholdBytes) : pair.Value);

    private static Dictionary<string, T> Filled<T>(IDictionary<string, T>? given, IDictionary<string, T> defaults)
    {
        var filled = new Dictionary<string, T>(defaults);
        foreach (var (key, value) in given ?? new Dictionary<string, T>())
        {
            filled[key] = value;
        }

        return filled;
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
