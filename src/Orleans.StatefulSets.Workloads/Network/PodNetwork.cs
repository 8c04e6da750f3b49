using System.Net;
using Orleans.StatefulSets.Workloads.Processes;

namespace Orleans.StatefulSets.Workloads.Network;

/// <summary>One pod's network: its own ports, which all its containers share, and the cluster beyond. Used on the pod's scheduler.</summary>
/// <param name="address">The pod's address, null while it has none.</param>
/// <param name="ports">What its processes listen on.</param>
/// <param name="gateway">What lies beyond.</param>
/// <param name="asksCluster">Its resolver is the cluster's.</param>
internal sealed class PodNetwork(IPAddress? address, PodPorts ports, IPodGateway gateway, bool asksCluster) : IPodNetwork
{
    private const int FirstEphemeralPort = 32_768;
    private const int EphemeralPorts = 28_232;
    private static readonly TimeSpan LoopbackEcho = TimeSpan.FromMilliseconds(0.05);
    private int opened;

    /// <inheritdoc/>
    public IPAddress? Address => address;

    /// <inheritdoc/>
    public ValueTask<DnsAnswer> QueryAsync(DnsQuestion question, CancellationToken cancellation) =>
        asksCluster ? gateway.QueryAsync(question, cancellation) : new(new DnsAnswer(false, []) { TimedOut = true });

    /// <inheritdoc/>
    public async ValueTask<IOpenFile> ConnectAsync(IPEndPoint to, CancellationToken cancellation) => IsOwn(to.Address)
        ? await ports.ConnectAsync(to.Port, new IPEndPoint(to.Address, FirstEphemeralPort + (opened++ % EphemeralPorts)), cancellation)
        : await gateway.ConnectAsync(address, to, cancellation);

    /// <inheritdoc/>
    public ValueTask<TimeSpan?> EchoAsync(IPAddress to, CancellationToken cancellation) => IsOwn(to) ? new((TimeSpan?)LoopbackEcho) : gateway.EchoAsync(to, cancellation);

    /// <inheritdoc/>
    public IPodListener Listen(int port) => ports.Listen(port);

    private bool IsOwn(IPAddress to) => IPAddress.IsLoopback(to) || to.Equals(IPAddress.Any) || to.Equals(address);
}
