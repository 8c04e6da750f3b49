using System.Buffers.Binary;
using System.Globalization;
using System.Net;

namespace Orleans.StatefulSets.Reconciliation.Nodes;

/// <summary>
/// Who has which address: nodes in 192.168.0.0/16, pods in 10.0.0.0/8 without the service range 10.96.0.0/12, the first 256 nodes
/// in 10.244.0.0/16 as kubeadm and flannel have them.
/// </summary>
public static class NodeAddresses
{
    /// <summary>How many nodes have addresses of their own.</summary>
    public const int MaxNodes = 65_000;

    // 10.96.0.0/12 is 16 of the second octets; the first range is 10.244, the rest follow from 10.0 on.
    private const int FirstServiceOctet = 96;
    private const int LastServiceOctet = 111;
    private const int FirstOctet = 244;
    private const int OctetsForPods = 256 - (LastServiceOctet - FirstServiceOctet + 1);

    private static readonly IPNetwork Machines = IPNetwork.Parse("192.168.0.0/16");
    private static readonly IPNetwork PodsAndServices = IPNetwork.Parse("10.0.0.0/8");

    /// <summary>The range from which Services get their cluster addresses.</summary>
    public static IPNetwork Services { get; } = IPNetwork.Parse("10.96.0.0/12");

    /// <summary>The address is of the cluster's ranges, whether anybody has it or not.</summary>
    public static bool Covers(IPAddress address) => PodsAndServices.Contains(address) || Machines.Contains(address);

    /// <summary>A Service may ask for the address: it is of the cluster's, and no machine's and neither the first nor the last of Services'.</summary>
    public static bool MayBeService(IPAddress address) =>
        PodsAndServices.Contains(address) && Number(address) is var number && number != Number(Services.BaseAddress) && number != Number(Services.BaseAddress) + 0x000F_FFFF;

    /// <summary>The address is of the range of one of the first nodes' pods.</summary>
    /// <param name="address">The address.</param>
    /// <param name="nodes">How many nodes there are.</param>
    /// <param name="podsPerNode">How many pods a node may run.</param>
    public static bool IsOfPods(IPAddress address, int nodes, int podsPerNode) =>
        PodsAndServices.Contains(address) && !Services.Contains(address)
        && IndexOf($"{Text(Number(address) & (uint.MaxValue << (32 - PrefixLength(podsPerNode))))}/{PrefixLength(podsPerNode)}") < nodes;

    /// <summary>The InternalIP of a node.</summary>
    /// <param name="index">From 0.</param>
    /// <exception cref="ArgumentOutOfRangeException">There is no such node: index is negative or from <see cref="MaxNodes"/> on.</exception>
    public static string InternalIP(int index)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(index);
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual(index, MaxNodes);

        // The first hosts are 192.168.49.2 and on, as minikube's are; 254 a /24, and the third octet wraps.
        var host = index + 1;
        return string.Create(CultureInfo.InvariantCulture, $"192.168.{(49 + (host / 254)) % 256}.{(host % 254) + 1}");
    }

    /// <summary>The range of a node's pods, with room for what the node may run.</summary>
    /// <param name="index">From 0.</param>
    /// <param name="podsPerNode">How many pods a node may run; the same for all nodes of a cluster.</param>
    /// <exception cref="ArgumentOutOfRangeException">There is no room for so many nodes of that size.</exception>
    public static string PodCidr(int index, int podsPerNode = 110)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(index);
        var bits = PrefixLength(podsPerNode);
        var rangesPerOctet = 1 << (bits - 16);
        var octetIndex = index / rangesPerOctet;
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual(octetIndex, OctetsForPods, nameof(index));
        var offset = (uint)(index % rangesPerOctet) << (32 - bits);
        var network = (10u << 24) | ((uint)SecondOctet(octetIndex) << 16) | offset;
        return string.Create(CultureInfo.InvariantCulture, $"{Text(network)}/{bits}");
    }

    /// <summary>The number of the node that <see cref="PodCidr"/> gives a range to; 0 for a range that it never gives.</summary>
    public static int IndexOf(string? cidr)
    {
        if (cidr is null || !IPNetwork.TryParse(cidr, out var network) || network.PrefixLength is < 16 or > 24)
        {
            return 0;
        }

        var number = Number(network.BaseAddress);
        var octet = (int)((number >> 16) & 255);
        var octets = octet == FirstOctet ? 0 : 1 + octet - (octet > LastServiceOctet ? LastServiceOctet - FirstServiceOctet + 1 : 0) - (octet > FirstOctet ? 1 : 0);
        return (octets << (network.PrefixLength - 16)) + (int)((number & 0xFFFF) >> (32 - network.PrefixLength));
    }

    /// <summary>
    /// The next free address of a range after the cursor, going round: a freed address comes back only when all others were used,
    /// so a pod that is made again has another address, as with the host-local plugin of CNI.
    /// </summary>
    /// <param name="cidr">The node's range; its first address (network), second (bridge) and last (broadcast) are never given.</param>
    /// <param name="used">The addresses in use.</param>
    /// <param name="last">The address given last, or null at first.</param>
    /// <returns>The address, or null when the range is used up.</returns>
    public static string? Allocate(string cidr, IReadOnlySet<string> used, string? last)
    {
        var (network, size) = Range(cidr);
        var first = network + 2;
        var count = size - 3;
        var start = last is not null && TryNumber(last, out var cursor) && cursor >= first && cursor < first + count
            ? cursor - first + 1
            : 0;
        for (uint step = 0; step < count; step++)
        {
            var address = Text(first + ((start + step) % count));
            if (!used.Contains(address))
            {
                return address;
            }
        }

        return null;
    }

    /// <summary>How many pods can have an address in a range.</summary>
    public static int Capacity(string cidr) => (int)Range(cidr).Size - 3;

    private static int PrefixLength(int podsPerNode)
    {
        var bits = 24;
        while (bits > 16 && (1 << (32 - bits)) - 3 < podsPerNode)
        {
            bits--;
        }

        ArgumentOutOfRangeException.ThrowIfGreaterThan(podsPerNode, (1 << (32 - bits)) - 3);
        return bits;
    }

    // 244 first, then every other octet that is not a service's, upwards from 0.
    private static int SecondOctet(int octetIndex)
    {
        if (octetIndex == 0)
        {
            return FirstOctet;
        }

        var octet = octetIndex - 1;
        octet += octet >= FirstServiceOctet ? LastServiceOctet - FirstServiceOctet + 1 : 0;
        return octet >= FirstOctet ? octet + 1 : octet;
    }

    private static (uint Network, uint Size) Range(string cidr)
    {
        var network = IPNetwork.Parse(cidr);
        return (Number(network.BaseAddress), 1u << (32 - network.PrefixLength));
    }

    private static bool TryNumber(string text, out uint number)
    {
        var parsed = IPAddress.TryParse(text, out var address);
        number = parsed ? Number(address!) : 0;
        return parsed;
    }

    private static uint Number(IPAddress address)
    {
        Span<byte> bytes = stackalloc byte[16];
        return address.TryWriteBytes(bytes, out var length) && length == 4 ? BinaryPrimitives.ReadUInt32BigEndian(bytes) : 0;
    }

    private static string Text(uint address) =>
        string.Create(CultureInfo.InvariantCulture, $"{address >> 24}.{(address >> 16) & 255}.{(address >> 8) & 255}.{address & 255}");
}
