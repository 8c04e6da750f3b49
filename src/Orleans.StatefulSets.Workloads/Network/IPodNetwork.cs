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
