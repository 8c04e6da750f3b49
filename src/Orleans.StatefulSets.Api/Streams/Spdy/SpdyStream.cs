using System.IO.Pipelines;

namespace Orleans.StatefulSets.Api.Streams.Spdy;

/// <summary>One stream that the client opened.</summary>
internal sealed class SpdyStream(SpdyConnection connection, int id, IReadOnlyDictionary<string, string> headers)
{
    // A client that sends faster than anybody reads waits: nothing more is read from its connection.
    private readonly Pipe received = new(new PipeOptions(pauseWriterThreshold: 256 * 1024, resumeWriterThreshold: 128 * 1024, useSynchronizationContext: false));

    public int Id => id;

    /// <summary>What the client said of it: <c>streamtype</c> and others.</summary>
    public IReadOnlyDictionary<string, string> Headers => headers;

    /// <summary>What the client sends, to its end.</summary>
    public PipeReader Received => received.Reader;

    /// <summary>Sends bytes to the client.</summary>
    public ValueTask SendAsync(ReadOnlyMemory<byte> bytes, CancellationToken cancellation) =>
        bytes.IsEmpty ? ValueTask.CompletedTask : connection.SendAsync(id, bytes, last: false, cancellation);

    /// <summary>Sends the client the end of this stream.</summary>
    public ValueTask CloseAsync(CancellationToken cancellation) => connection.SendAsync(id, default, last: true, cancellation);

    internal async ValueTask TakeAsync(ReadOnlyMemory<byte> bytes, bool last, CancellationToken cancellation)
    {
        if (!bytes.IsEmpty)
        {
            await received.Writer.WriteAsync(bytes, cancellation);
        }

        if (last)
        {
            End();
        }
    }

    internal void End() => received.Writer.Complete();
}
