using System.Net;
using Orleans.StatefulSets.Resources.Kinds;
using Orleans.StatefulSets.Workloads.Network;

namespace Orleans.StatefulSets.Grains.Network;

/// <summary>
/// The cluster's network, as far as it is no pod's own: its DNS, and where a connection to an address ends. All of it is read from this
/// process's copy and waits for nothing.
/// </summary>
public interface IClusterNetwork
{
    /// <summary>The address that pods ask names of: kube-dns', also while there is no such Service.</summary>
    string DnsAddress { get; }

    /// <summary>Answers a question to the cluster's DNS; several addresses come in another order each time.</summary>
    DnsAnswer Query(DnsQuestion question);

    /// <summary>Where a TCP connection ends.</summary>
    /// <param name="to">The address that is connected to: a pod's, a Service's or a node's.</param>
    /// <param name="from">Who connects.</param>
    ConnectionEnd Find(IPEndPoint to, ConnectionOrigin from);

    /// <summary>Whether an address answers an echo (ICMP): a pod's or a node's whose machine runs. A Service's never does.</summary>
    bool Answers(IPAddress address);
}

/// <summary>Who connects.</summary>
/// <param name="Address">The client's address, by which a Service may keep it at one pod; null where it has none.</param>
/// <param name="Node">The client's node, within which a Service may stay; null where it is on none.</param>
public readonly record struct ConnectionOrigin(IPAddress? Address, string? Node);

/// <summary>Where a connection ends.</summary>
/// <param name="Outcome">What becomes of it.</param>
public readonly record struct ConnectionEnd(ConnectionOutcome Outcome)
{
    /// <summary>The pod that gets it, with <see cref="ConnectionOutcome.Pod"/> only.</summary>
    public ObjectKey Pod { get; init; }

    /// <summary>The uid of that pod: one of the same name that came after it is another.</summary>
    public string? Uid { get; init; }

    /// <summary>The node that the pod is on, where its processes live.</summary>
    public string? Node { get; init; }

    /// <summary>The pod's address and port at which it arrives.</summary>
    public IPEndPoint? At { get; init; }
}

/// <summary>What becomes of a connection.</summary>
public enum ConnectionOutcome
{
    /// <summary>It reaches a pod, which takes or refuses it by whether somebody listens there.</summary>
    Pod,

    /// <summary>ECONNREFUSED: a Service without endpoints, or a node's port that nobody has.</summary>
    Refused,

    /// <summary>Nothing answers, until the client's patience ends with ETIMEDOUT: the machine is off, or nobody has the address.</summary>
    NoAnswer,

    /// <summary>ENETUNREACH: an address outside of the cluster.</summary>
    Unreachable,
}
