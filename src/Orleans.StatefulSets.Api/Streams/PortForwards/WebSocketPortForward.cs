using System.Buffers.Binary;
using Microsoft.Extensions.Logging;
using Orleans.StatefulSets.Api.Streams.Channels;
using Orleans.StatefulSets.Api.Streams.Upgrades;
using Orleans.StatefulSets.Grains.Streaming;
using Orleans.StatefulSets.Resources.Kinds;

namespace Orleans.StatefulSets.Api.Streams.PortForwards;

/// <summary>
/// <c>port-forward</c> over the channels of a WebSocket, as the C#, JavaScript and Python clients speak it: one connection to each port
/// of the request, on channel 2i the bytes and on channel 2i+1 the failure, each opening with the port in two bytes.
/// </summary>
internal sealed class WebSocketPortForward : IDisposable
{
    private readonly ChannelSocket socket;
    private readonly IPodStreams pods;
    private readonly ObjectKey pod;
    private readonly ILogger logger;
    private readonly IReadOnlyList<(int Port, WebSocketForwardClient Client)> forwards;

    /// <param name="socket">The accepted socket.</param>
    /// <param name="pods">The way to the pod.</param>
    /// <param name="pod">The pod.</param>
    /// <param name="ports">Its ports.</param>
    /// <param name="logger">Learns of connections that broke.</param>
    public WebSocketPortForward(ChannelSocket socket, IPodStreams pods, ObjectKey pod, IReadOnlyList<int> ports, ILogger logger)
    {
        this.socket = socket;
        this.pods = pods;
        this.pod = pod;
        this.logger = logger;
        forwards = [.. ports.Select((port, index) => (port, new WebSocketForwardClient(socket, (byte)(2 * index))))];
    }

    /// <summary>Forwards until every connection has ended, or the client goes.</summary>
    public async Task RunAsync(CancellationToken cancellation)
    {
        using var ending = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        var receiving = ReceiveAsync(ending);
        try
        {
            foreach (var (port, client) in forwards)
            {
                var bytes = new byte[2];
                BinaryPrimitives.WriteUInt16LittleEndian(bytes, (ushort)port);
                await client.OpenAsync(bytes, ending.Token);
            }

            await Task.WhenAll(forwards.Select(forward => new ForwardedConnection(pods, pod, forward.Port, forward.Client, logger).RunAsync(ending.Token)));
            await socket.CloseAsync(ending.Token);
            await receiving;
        }
        catch (Exception failure) when (ending.IsCancellationRequested || ConnectionEnd.Is(failure))
        {
            // The client has gone, or the server stops.
        }

        await ending.CancelAsync();
        await receiving;
    }

    public void Dispose() => socket.Dispose();

    private async Task ReceiveAsync(CancellationTokenSource ending)
    {
        try
        {
            while (await socket.ReceiveAsync(ending.Token) is { } part)
            {
                if (part.Channel % 2 == 0 && part.Channel / 2 < forwards.Count)
                {
                    await forwards[part.Channel / 2].Client.TakeAsync(part.Bytes, ending.Token);
                }
            }
        }
        catch (Exception failure) when (ending.IsCancellationRequested || ConnectionEnd.Is(failure))
        {
            // The session ends below.
        }
        finally
        {
            await ending.CancelAsync();
        }
    }
}
