using System.IO.Pipelines;

namespace Orleans.StatefulSets.Api.Streams.Spdy;

/// <summary>One stream that the client opened.</summary>
internal sealed class SpdyStream(SpdyConnection connection, int id, IReadOnlyDictionary<string, string> headers)
{
    private const int ClientEnded = 1;
    private const int ServerEnded = 2;
    private const int Both = ClientEnded | ServerEnded;

    // A client that sends faster than anybody reads waits: nothing more is read from its connection. A connection may have
    // MostStreams of these.
    private readonly Pipe received = new(new PipeOptions(pauseWriterThreshold: 64 * 1024, resumeWriterThreshold: 32 * 1024, useSynchronizationContext: false));
    private readonly CancellationTokenSource dropped = new();
    private int ended;

    public int Id => id;

    /// <summary>What the client said of it: <c>streamtype</c> and others.</summary>
    public IReadOnlyDictionary<string, string> Headers => headers;

    /// <summary>What the client sends, to its end.</summary>
    public PipeReader Received => received.Reader;

    /// <summary>Ends when the client takes back the stream, or goes.</summary>
    public CancellationToken Dropped => dropped.Token;

    private bool IsOpen => (Volatile.Read(ref ended) & ServerEnded) == 0;

    /// <summary>Sends bytes to the client.</summary>
    public ValueTask SendAsync(ReadOnlyMemory<byte> bytes, CancellationToken cancellation) =>
        bytes.IsEmpty || !IsOpen ? ValueTask.CompletedTask : connection.SendAsync(id, bytes, last: false, cancellation);

    /// <summary>Sends the client the end of this stream.</summary>
    public ValueTask CloseAsync(CancellationToken cancellation) =>
        TryEnd(ServerEnded) ? connection.SendAsync(id, default, last: true, cancellation) : ValueTask.CompletedTask;

    /// <summary>Refuses the stream.</summary>
    public ValueTask ResetAsync(CancellationToken cancellation)
    {
        TryEnd(Both);
        received.Writer.Complete();
        return connection.ResetAsync(id, cancellation);
    }

    internal async ValueTask TakeAsync(ReadOnlyMemory<byte> bytes, bool last, CancellationToken cancellation)
    {
        // What comes behind the end is nothing.
        if (!bytes.IsEmpty && (Volatile.Read(ref ended) & ClientEnded) == 0)
        {
            await received.Writer.WriteAsync(bytes, cancellation);
        }

        if (last)
        {
            End();
        }
    }

    /// <summary>The client sends no more.</summary>
    internal void End()
    {
        TryEnd(ClientEnded);
        received.Writer.Complete();
    }

    /// <summary>The client neither sends nor reads any more.</summary>
    internal void Drop()
    {
        TryEnd(Both);
        received.Writer.Complete();

        // Whoever waits for it goes on elsewhere: here the connection is read.
        _ = dropped.CancelAsync();
    }

    private bool TryEnd(int side)
    {
        var before = Interlocked.Or(ref ended, side);
        if ((before | side) == Both && before != Both)
        {
            connection.Forget(id);
        }

        return (before & side) != side;
    }
}
