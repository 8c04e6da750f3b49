using System.IO.Pipelines;
using System.Text;
using Orleans.StatefulSets.Api.Streams.Channels;

namespace Orleans.StatefulSets.Api.Streams.PortForwards;

/// <summary>Two channels of one WebSocket. They have no end of their own: the client's side ends with its connection.</summary>
/// <param name="socket">The socket.</param>
/// <param name="data">The channel of the bytes; that of failures is the next.</param>
internal sealed class WebSocketForwardClient(ChannelSocket socket, byte data) : IForwardClient
{
    private readonly Pipe received = new(new PipeOptions(pauseWriterThreshold: 64 * 1024, resumeWriterThreshold: 32 * 1024, useSynchronizationContext: false));

    private byte Error => (byte)(data + 1);

    public PipeReader Received => received.Reader;

    public CancellationToken Dropped => CancellationToken.None;

    /// <summary>Opens both channels.</summary>
    public async ValueTask OpenAsync(ReadOnlyMemory<byte> port, CancellationToken cancellation)
    {
        await socket.SendAsync(data, port, cancellation);
        await socket.SendAsync(Error, port, cancellation);
    }

    /// <summary>Takes what came on the channel.</summary>
    public async ValueTask TakeAsync(ReadOnlyMemory<byte> bytes, CancellationToken cancellation) => await received.Writer.WriteAsync(bytes, cancellation);

    public ValueTask SendAsync(ReadOnlyMemory<byte> bytes, CancellationToken cancellation) => socket.SendAsync(data, bytes, cancellation);

    public ValueTask FailAsync(string why, CancellationToken cancellation) => socket.SendAsync(Error, Encoding.UTF8.GetBytes(why), cancellation);

    public ValueTask EndAsync(CancellationToken cancellation) => ValueTask.CompletedTask;
}
