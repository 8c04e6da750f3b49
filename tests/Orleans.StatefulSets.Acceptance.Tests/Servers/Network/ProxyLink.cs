using System.Net;
using System.Net.Sockets;

namespace Orleans.StatefulSets.Acceptance.Tests.Servers.Network;

/// <summary>One connection through a proxy.</summary>
internal sealed class ProxyLink
{
    private const int BufferBytes = 64 * 1024;

    // One way; there and back it is twice as much.
    private static readonly TimeSpan Late = TimeSpan.FromMilliseconds(200);

    private readonly TcpProxy proxy;
    private readonly Socket client;
    private readonly Socket server = new(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
    private readonly IPEndPoint target;
    private readonly Lazy<int> source;
    private readonly CancellationTokenSource cutting;

    public ProxyLink(TcpProxy proxy, Socket client, IPEndPoint target, Func<IPEndPoint, IPEndPoint, int> sourceOf, CancellationToken ending)
    {
        (this.proxy, this.client, this.target) = (proxy, client, target);
        var (own, other) = ((IPEndPoint)client.RemoteEndPoint!, (IPEndPoint)client.LocalEndPoint!);
        source = new Lazy<int>(() => sourceOf(own, other));
        client.NoDelay = true;
        cutting = CancellationTokenSource.CreateLinkedTokenSource(ending);
    }

    /// <summary>Who connected.</summary>
    public int Source => source.Value;

    /// <summary>Completes when it is over.</summary>
    public Task Running { get; private set; } = Task.CompletedTask;

    public void Start() => Running = Task.Run(RunAsync);

    /// <summary>Both ends are told that the connection is no more.</summary>
    public void Cut() => cutting.Cancel();

    private async Task RunAsync()
    {
        try
        {
            await PassAsync();
            await server.ConnectAsync(target, cutting.Token);
            await Task.WhenAny(CarryAsync(client, server), CarryAsync(server, client));
        }
        catch (Exception failure) when (failure is SocketException or OperationCanceledException)
        {
            // Nobody listens there, or it was cut.
        }
        finally
        {
            Reset(client);
            Reset(server);
            await cutting.CancelAsync();
        }
    }

    // An end that goes away is no news to the other one while nothing passes.
    private async Task CarryAsync(Socket from, Socket to)
    {
        var buffer = new byte[BufferBytes];
        var isOpen = true;
        try
        {
            while (isOpen)
            {
                var count = await ReceiveAsync(from, buffer);
                await PassAsync();
                for (var sent = 0; sent < count; sent += await to.SendAsync(buffer.AsMemory(sent, count - sent), cutting.Token))
                {
                }

                isOpen = count > 0;
            }
        }
        catch (Exception failure) when (failure is SocketException or OperationCanceledException or ObjectDisposedException)
        {
            // The other end is gone, or it was cut.
        }
    }

    private async Task<int> ReceiveAsync(Socket from, byte[] buffer)
    {
        try
        {
            return await from.ReceiveAsync(buffer, cutting.Token);
        }
        catch (SocketException)
        {
            return 0;
        }
    }

    private async Task PassAsync()
    {
        while (true)
        {
            var (passage, changed) = proxy.Look(this);
            switch (passage)
            {
                case Passage.Open:
                    return;
                case Passage.Slow:
                    await Task.Delay(Late, TimeProvider.System, cutting.Token);
                    return;
                case Passage.Cut:
                    throw new OperationCanceledException();
                default:
                    await changed.WaitAsync(cutting.Token);
                    break;
            }
        }
    }

    private static void Reset(Socket socket)
    {
        socket.LingerState = new LingerOption(true, 0);
        socket.Dispose();
    }
}
