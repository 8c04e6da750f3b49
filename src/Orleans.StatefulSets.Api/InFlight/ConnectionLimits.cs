using System.Globalization;
using System.Net;
using System.Net.Sockets;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.AspNetCore.Server.Kestrel.Transport.Sockets;
using Orleans.StatefulSets.Api.Hosting;

namespace Orleans.StatefulSets.Api.InFlight;

/// <summary>What one connection may cost, and how many there may be.</summary>
internal static class ConnectionLimits
{
    private const int ProbeSeconds = 15;
    private const int Probes = 4;

    // For the storage, the silo's own connections and what the runtime holds open.
    private const int FilesKept = 512;

    public static void Apply(KestrelServerOptions kestrel, ApiOptions options)
    {
        // HTTP/2 needs TLS, which the API does not have.
        kestrel.ConfigureEndpointDefaults(endpoint => endpoint.Protocols = HttpProtocols.Http1);
        var limits = kestrel.Limits;
        limits.MaxRequestHeadersTotalSize = options.MaxHeaderBytes;
        limits.MaxRequestLineSize = options.MaxHeaderBytes;

        // A connection's unread bytes: the smallest that takes a whole head. Longer bodies flow through it.
        limits.MaxRequestBufferSize = 2 * options.MaxHeaderBytes;
        limits.MaxConcurrentConnections = Math.Min(options.MaxConnections, Math.Max(1, OpenFiles() - FilesKept - StreamSessions(options)));
        limits.KeepAliveTimeout = options.KeepAliveTimeout;
        limits.RequestHeadersTimeout = options.RequestHeadersTimeout;
        limits.MinRequestBodyDataRate = new MinDataRate(options.MinTransferRate, options.TransferGrace);
        limits.MinResponseDataRate = new MinDataRate(options.MinTransferRate, options.TransferGrace);
    }

    /// <summary>How many upgraded connections there may be, which are not counted among the others: at most a quarter of the files that may be open.</summary>
    public static int StreamSessions(ApiOptions options) => Math.Clamp((OpenFiles() - FilesKept) / 4, 1, options.MaxStreamSessions);

    /// <summary>Has the kernel find out clients that vanished without a word, as Go's listener does for kube-apiserver.</summary>
    public static void Apply(SocketTransportOptions sockets, ApiOptions options) => sockets.CreateBoundListenSocket = endpoint =>
    {
        var socket = SocketTransportOptions.CreateDefaultBoundListenSocket(endpoint);
        if (endpoint is IPEndPoint)
        {
            // What is accepted takes these over from the socket that listens.
            socket.SetSocketOption(SocketOptionLevel.Socket, SocketOptionName.KeepAlive, true);
            socket.SetSocketOption(SocketOptionLevel.Tcp, SocketOptionName.TcpKeepAliveTime, (int)options.ConnectionProbeAfter.TotalSeconds);
            socket.SetSocketOption(SocketOptionLevel.Tcp, SocketOptionName.TcpKeepAliveInterval, ProbeSeconds);
            socket.SetSocketOption(SocketOptionLevel.Tcp, SocketOptionName.TcpKeepAliveRetryCount, Probes);
        }

        return socket;
    };

    // Where no file can be opened any more, no connection can be accepted to be refused, and the storage fails too.
    private static int OpenFiles()
    {
        const string limits = "/proc/self/limits";
        const string name = "Max open files";
        if (!File.Exists(limits) || File.ReadLines(limits).FirstOrDefault(line => line.StartsWith(name, StringComparison.Ordinal)) is not { } found)
        {
            return int.MaxValue;
        }

        // The runtime raises the first number, the soft limit, to the second as it starts.
        var hard = found[name.Length..].Split(' ', StringSplitOptions.RemoveEmptyEntries)[1];
        return int.TryParse(hard, NumberStyles.None, CultureInfo.InvariantCulture, out var count) ? count : int.MaxValue;
    }
}
