using System.Buffers.Binary;
using System.Collections.Concurrent;
using System.Threading.Channels;
using Orleans.StatefulSets.Api.Streams.Upgrades;

namespace Orleans.StatefulSets.Api.Streams.Spdy;

/// <summary>
/// The server's side of one SPDY/3.1 connection, as kubectl speaks it through an upgrade: the client opens streams, each is answered at
/// once, and bytes go both ways. As the Go library that every kubectl uses, it keeps no windows: a slow reader holds the connection.
/// </summary>
internal sealed class SpdyConnection : IAsyncDisposable
{
    private const int MostFrameBytes = 1 << 20;
    private const int SentAtOnce = 32 * 1024;
    private const int RefusedStream = 3;
    private const int Cancel = 5;

    /// <summary>Streams that are open at once: 128 forwarded connections. More are refused, each by itself.</summary>
    public const int MostStreams = 256;

    private readonly Stream transport;
    private readonly SpdyHeaders headers = new();
    private readonly SemaphoreSlim writing = new(1, 1);
    private readonly ConcurrentDictionary<int, SpdyStream> streams = [];
    private readonly Channel<SpdyStream> opened = Channel.CreateBounded<SpdyStream>(MostStreams);
    private readonly CancellationTokenSource gone = new();

    public SpdyConnection(Stream transport) => this.transport = transport;

    /// <summary>The streams that the client opens, in its order; ends with the connection.</summary>
    public ChannelReader<SpdyStream> Opened => opened.Reader;

    /// <summary>Ends when the client goes: before its streams do, so that their end is not taken for its word.</summary>
    public CancellationToken Gone => gone.Token;

    /// <summary>Reads until the client goes. Malformed frames end the connection, and nothing else.</summary>
    public async Task RunAsync(CancellationToken cancellation)
    {
        try
        {
            while (await SpdyFrame.ReadAsync(transport, MostFrameBytes, cancellation) is { } frame && await TakeAsync(frame, cancellation))
            {
            }
        }
        catch (Exception failure) when (ConnectionEnd.Is(failure))
        {
            // The streams end below; whoever reads them learns it there.
        }
        finally
        {
            await gone.CancelAsync();
            opened.Writer.TryComplete();
            foreach (var stream in streams.Values)
            {
                stream.End();
            }
        }
    }

    public async ValueTask DisposeAsync()
    {
        headers.Dispose();
        try
        {
            await transport.DisposeAsync();
        }
        catch (Exception failure) when (ConnectionEnd.Is(failure))
        {
            // A WebSocket says good-bye, and there is nobody any more.
        }

        foreach (var stream in streams.Values)
        {
            stream.Drop();
        }
    }

    /// <summary>Sends bytes on a stream; with <paramref name="last"/> the server's end of it.</summary>
    internal async ValueTask SendAsync(int stream, ReadOnlyMemory<byte> bytes, bool last, CancellationToken cancellation)
    {
        do
        {
            var part = bytes[..Math.Min(bytes.Length, SentAtOnce)];
            bytes = bytes[part.Length..];
            await SendAsync(new SpdyFrame(SpdyFrameType.Data, stream, last && bytes.IsEmpty ? SpdyFrame.Fin : (byte)0, part), cancellation);
        }
        while (!bytes.IsEmpty);
    }

    /// <summary>Tells the client that nothing more is read or written on a stream.</summary>
    internal ValueTask ResetAsync(int stream, CancellationToken cancellation) => ResetAsync(stream, Cancel, cancellation);

    /// <summary>A stream has ended both ways.</summary>
    internal void Forget(int stream) => streams.TryRemove(stream, out _);

    private ValueTask ResetAsync(int stream, int why, CancellationToken cancellation)
    {
        var payload = new byte[8];
        BinaryPrimitives.WriteInt32BigEndian(payload, stream);
        BinaryPrimitives.WriteInt32BigEndian(payload.AsSpan(4), why);
        return SendAsync(new SpdyFrame(SpdyFrameType.RstStream, 0, 0, payload), cancellation);
    }

    /// <returns>Whether to read on.</returns>
    private async ValueTask<bool> TakeAsync(SpdyFrame frame, CancellationToken cancellation)
    {
        switch (frame.Type)
        {
            case SpdyFrameType.Data:
                if (streams.TryGetValue(frame.Stream, out var stream))
                {
                    await stream.TakeAsync(frame.Payload, frame.IsLast, cancellation);
                }

                return true;
            case SpdyFrameType.SynStream:
                await OpenAsync(frame, cancellation);
                return true;
            case SpdyFrameType.RstStream:
                if (streams.TryRemove(frame.Number, out var reset))
                {
                    reset.Drop();
                }

                return true;
            case SpdyFrameType.Headers:
                _ = frame.Number;

                // They belong to the one compressed stream, so they are read though nobody needs them.
                headers.Read(frame.Payload.Span[4..]);
                return true;
            case SpdyFrameType.Ping:
                await SendAsync(frame, cancellation);
                return true;
            case SpdyFrameType.GoAway:
            case SpdyFrameType.Settings:
            case SpdyFrameType.WindowUpdate:
                return true;
            default:
                throw new InvalidDataException($"a frame of type {frame.Type}");
        }
    }

    private async ValueTask OpenAsync(SpdyFrame frame, CancellationToken cancellation)
    {
        const int fixedBytes = 10;
        if (frame.Payload.Length < fixedBytes)
        {
            throw new InvalidDataException("a stream without headers");
        }

        var stream = new SpdyStream(this, frame.Number, headers.Read(frame.Payload.Span[fixedBytes..]));
        if (streams.Count >= MostStreams)
        {
            await ResetAsync(stream.Id, RefusedStream, cancellation);
            return;
        }

        if (!streams.TryAdd(stream.Id, stream))
        {
            throw new InvalidDataException("a stream is opened twice");
        }

        if (frame.IsLast)
        {
            stream.End();
        }

        var block = headers.Write([]);
        var payload = new byte[4 + block.Length];
        BinaryPrimitives.WriteInt32BigEndian(payload, stream.Id);
        block.CopyTo(payload, 4);
        await SendAsync(new SpdyFrame(SpdyFrameType.SynReply, 0, 0, payload), cancellation);
        await opened.Writer.WriteAsync(stream, cancellation);
    }

    private async ValueTask SendAsync(SpdyFrame frame, CancellationToken cancellation)
    {
        await writing.WaitAsync(cancellation);
        try
        {
            await transport.WriteAsync(frame.ToBytes(), cancellation);
            await transport.FlushAsync(cancellation);
        }
        finally
        {
            writing.Release();
        }
    }
}
