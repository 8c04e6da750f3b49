using System.Net;
using System.Net.Sockets;
using Orleans.StatefulSets.Server.Options;

namespace Orleans.StatefulSets.Server.Startup;

/// <summary>
/// Finds out before anything starts that somebody else listens where this server is to: the silo's listeners share their ports with whoever
/// else shares them, and the API's are opened last, when the cluster runs already.
/// </summary>
internal static class TakenPorts
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(1);

    /// <exception cref="StartupException">A port is taken.</exception>
    public static async Task RefuseAsync(ServerOptions options)
    {
        foreach (var url in options.Urls)
        {
            if (await IsTakenAsync(AddressOf(url.DnsSafeHost), url.Port))
            {
                throw new StartupException($"{UrlText.Write(url)} is already in use; choose another address with --urls");
            }
        }

        if (options.Role == ServerRole.Api)
        {
            return;
        }

        foreach (var port in (int[])[options.SiloPort, options.GatewayPort])
        {
            if (await IsTakenAsync(AddressOf(options.SiloListen?.ToString() ?? options.SiloAddress), port))
            {
                throw new StartupException(
                    $"silo port {options.SiloPort} or gateway port {options.GatewayPort} is already in use; choose others with --silo-port and --gateway-port");
            }
        }
    }

    // A name is left to whoever resolves it in earnest.
    private static IPAddress? AddressOf(string host) => host == "localhost" ? IPAddress.Loopback
        : !IPAddress.TryParse(host, out var address) ? null
        : address.Equals(IPAddress.Any) ? IPAddress.Loopback
        : address.Equals(IPAddress.IPv6Any) ? IPAddress.IPv6Loopback
        : address;

    private static async Task<bool> IsTakenAsync(IPAddress? address, int port)
    {
        if (address is null)
        {
            return false;
        }

        using var socket = new Socket(address.AddressFamily, SocketType.Stream, ProtocolType.Tcp);
        using var patience = new CancellationTokenSource(Patience);
        try
        {
            await socket.ConnectAsync(address, port, patience.Token);

            // Who asks for a port of those that are given to outgoing connections may be answered by himself.
            return !Equals(socket.LocalEndPoint, socket.RemoteEndPoint);
        }
        catch (Exception failure) when (failure is SocketException or OperationCanceledException)
        {
            return false;
        }
    }
}
