using System.Net;
using System.Net.Sockets;
using Orleans.StatefulSets.Grains.Hosting;
using Orleans.StatefulSets.Grains.Network;
using Orleans.StatefulSets.Server.Options;
using Orleans.StatefulSets.Server.Startup;

namespace Orleans.StatefulSets.Server.Dns;

/// <summary>
/// Serves the cluster's zone on a UDP and a TCP port of this machine. It listens before the cluster is there, so that a port that is taken is
/// told at once.
/// </summary>
internal sealed partial class DnsServer : IHostedService, IDisposable
{
    private readonly IPEndPoint endpoint;
    private readonly DnsResponder responder;
    private readonly TimeProvider wall;
    private readonly ILogger<DnsServer> logger;
    private readonly CancellationTokenSource stopping = new();
    private Socket? datagrams;
    private Socket? connections;
    private Task serving = Task.CompletedTask;

    public DnsServer(ServerOptions options, IClusterNetwork network, ClusterStart start, TimeProvider wall, ILogger<DnsServer> logger)
    {
        endpoint = options.Dns ?? throw new InvalidOperationException("the zone is served only where an address was given");
        responder = new DnsResponder(network, () => start.Ready.IsCompletedSuccessfully);
        (this.wall, this.logger) = (wall, logger);
    }

    /// <inheritdoc/>
    public Task StartAsync(CancellationToken cancellationToken)
    {
        try
        {
            datagrams = Bound(SocketType.Dgram, ProtocolType.Udp);
            connections = Bound(SocketType.Stream, ProtocolType.Tcp);
            connections.Listen();
        }
        catch (SocketException failure)
        {
            throw new StartupException(Explain(failure), failure);
        }

        var streams = new DnsStreams(responder, wall);
        serving = Task.WhenAll(
            Task.Run(() => ServeDatagramsAsync(datagrams), CancellationToken.None), Task.Run(() => streams.ServeAsync(connections, stopping.Token), CancellationToken.None));
        return Task.CompletedTask;
    }

    /// <inheritdoc/>
    public async Task StopAsync(CancellationToken cancellationToken)
    {
        await stopping.CancelAsync();
        await serving.WaitAsync(cancellationToken);
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        datagrams?.Dispose();
        connections?.Dispose();
        stopping.Dispose();
    }

    private Socket Bound(SocketType type, ProtocolType protocol)
    {
        var socket = new Socket(endpoint.AddressFamily, type, protocol);
        try
        {
            socket.Bind(endpoint);
            return socket;
        }
        catch
        {
            socket.Dispose();
            throw;
        }
    }

    private string Explain(SocketException failure) => failure.SocketErrorCode switch
    {
        SocketError.AddressAlreadyInUse => $"{endpoint} is already in use; choose another address with --dns",
        SocketError.AccessDenied => $"this user may not listen on {endpoint}; choose another address with --dns",
        SocketError.AddressNotAvailable => $"{endpoint} is not an address of this machine; choose another with --dns",
        _ => $"cannot listen on {endpoint}: {failure.Message}; choose another address with --dns",
    };

    // One after another: an answer is read from memory, and takes microseconds.
    private async Task ServeDatagramsAsync(Socket socket)
    {
        var query = new byte[DnsStreams.LongestQuery];
        var response = new byte[DnsResponder.MostBytes];
        var anybody = new IPEndPoint(endpoint.AddressFamily == AddressFamily.InterNetwork ? IPAddress.Any : IPAddress.IPv6Any, 0);
        while (!stopping.IsCancellationRequested)
        {
            try
            {
                var received = await socket.ReceiveFromAsync(query, SocketFlags.None, anybody, stopping.Token);
                var length = responder.Respond(query.AsMemory(0, received.ReceivedBytes), response, isDatagram: true);
                if (length > 0)
                {
                    await socket.SendToAsync(response.AsMemory(0, length), SocketFlags.None, received.RemoteEndPoint, stopping.Token);
                }
            }
            catch (OperationCanceledException)
            {
                return;
            }
            catch (SocketException failure)
            {
                // A client that is gone, or a datagram that the network does not take: it asks again.
                LogLost(failure.SocketErrorCode);
            }
        }
    }

    [LoggerMessage(Level = LogLevel.Debug, Message = "A DNS datagram was lost: {Error}")]
    private partial void LogLost(SocketError error);
}
