using System.IO.Pipelines;
using System.Text;
using Orleans.StatefulSets.Api.Streams.Spdy;

namespace Orleans.StatefulSets.Api.Streams.PortForwards;

/// <summary>A pair of streams of one SPDY connection.</summary>
/// <param name="error">Where failures are told.</param>
/// <param name="data">The bytes.</param>
internal sealed class SpdyForwardClient(SpdyStream error, SpdyStream data) : IForwardClient
{
    public PipeReader Received => data.Received;

    public CancellationToken Dropped => data.Dropped;

    public ValueTask SendAsync(ReadOnlyMemory<byte> bytes, CancellationToken cancellation) => data.SendAsync(bytes, cancellation);

    public ValueTask FailAsync(string why, CancellationToken cancellation) => error.SendAsync(Encoding.UTF8.GetBytes(why), cancellation);

    // Nobody waits for the end of the failures before the end of the bytes.
    public async ValueTask EndAsync(CancellationToken cancellation)
    {
        await error.Received.CompleteAsync();
        await data.CloseAsync(cancellation);
        await error.CloseAsync(cancellation);
    }
}
