using System.Net;
using Orleans.StatefulSets.Workloads.Files;
using Orleans.StatefulSets.Workloads.Processes;

namespace Orleans.StatefulSets.Workloads.Network;

/// <summary>The cluster's network as one pod sees it. Nothing here reaches the host's network.</summary>
public interface IPodNetwork
{
    /// <summary>The pod's own address; null before it has one.</summary>
    IPAddress? Address { get; }

    /// <summary>Asks the cluster's DNS one question, name and type as on the wire.</summary>
    ValueTask<DnsAnswer> QueryAsync(DnsQuestion question, CancellationToken cancellation);

    /// <summary>Opens a TCP connection to a pod, a Service or the pod itself.</summary>
    /// <exception cref="FileException">ECONNREFUSED where nobody listens, ETIMEDOUT where nothing answers, ENETUNREACH outside the cluster.</exception>
    ValueTask<IOpenFile> ConnectAsync(IPEndPoint to, CancellationToken cancellation);

    /// <summary>Asks an address for an echo (ICMP): how long it took, null where nothing answered.</summary>
    ValueTask<TimeSpan?> EchoAsync(IPAddress to, CancellationToken cancellation);

    /// <summary>Listens on a TCP port of the pod until disposed; each connection is handed over in turn.</summary>
    /// <exception cref="FileException">EADDRINUSE where somebody listens already.</exception>
    IPodListener Listen(int port);
}

/// <summary>A TCP port that a process listens on.</summary>
public interface IPodListener : IDisposable
{
    /// <summary>The next connection, and from where it comes.</summary>
    ValueTask<(IOpenFile Connection, IPEndPoint From)> AcceptAsync(CancellationToken cancellation);
}

/// <summary>A question to DNS.</summary>
/// <param name="Name">The full name without the last dot.</param>
/// <param name="Type">What is asked for.</param>
public readonly record struct DnsQuestion(string Name, DnsType Type);

/// <summary>The record types that a cluster's DNS answers with (their numbers on the wire).</summary>
public enum DnsType
{
    /// <summary>An IPv4 address.</summary>
    A = 1,

    /// <summary>Another name.</summary>
    CNAME = 5,

    /// <summary>The name of an address.</summary>
    PTR = 12,

    /// <summary>An IPv6 address.</summary>
    AAAA = 28,

    /// <summary>A port and a name.</summary>
    SRV = 33,
}

/// <summary>What DNS answers.</summary>
/// <param name="Exists">False: NXDOMAIN.</param>
/// <param name="Records">The records; none with <paramref name="Exists"/> is NOERROR without data.</param>
public sealed record DnsAnswer(bool Exists, IReadOnlyList<DnsRecord> Records)
{
    /// <summary>The server did not answer in time.</summary>
    public bool TimedOut { get; init; }
}

/// <summary>One record.</summary>
/// <param name="Name">Whose.</param>
/// <param name="Type">Its type.</param>
/// <param name="TimeToLive">Seconds.</param>
/// <param name="Data">An address or name; of SRV <c>priority weight port target</c>.</param>
public sealed record DnsRecord(string Name, DnsType Type, int TimeToLive, string Data);
