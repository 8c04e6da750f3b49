using System.Net;
using Orleans.StatefulSets.Workloads.Files;
using Orleans.StatefulSets.Workloads.Processes;

namespace Orleans.StatefulSets.Workloads.Network;

/// <summary>What lies beyond a pod: its cluster. May be called on any scheduler.</summary>
public interface IPodGateway
{
    /// <summary>Asks the cluster's DNS one question.</summary>
    ValueTask<DnsAnswer> QueryAsync(DnsQuestion question, CancellationToken cancellation);

    /// <summary>Opens a TCP connection to a Service or to another pod.</summary>
    /// <param name="from">The pod that asks.</param>
    /// <param name="to">An address that is not the pod's own.</param>
    /// <param name="cancellation">Gives up.</param>
    /// <exception cref="FileException">ECONNREFUSED, ETIMEDOUT, EHOSTUNREACH, ENETUNREACH.</exception>
    ValueTask<IOpenFile> ConnectAsync(IPAddress? from, IPEndPoint to, CancellationToken cancellation);

    /// <summary>Asks an address for an echo (ICMP).</summary>
    ValueTask<TimeSpan?> EchoAsync(IPAddress to, CancellationToken cancellation);
}
