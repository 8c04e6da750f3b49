using System.Buffers;
using System.Buffers.Text;
using System.Net.WebSockets;

namespace Orleans.StatefulSets.Api.Streams.Channels;

/// <summary>Bytes that came on a channel.</summary>
/// <param name="Channel">The channel's number.</param>
/// <param name="Bytes">Good until the next are asked for.</param>
/// <param name="IsWhole">They are a whole message; else a part of one, whose other parts come on the same channel.</param>
internal readonly record struct ChannelPart(byte Channel, ReadOnlyMemory<byte> Bytes, bool IsWhole);

/// <summary>A WebSocket that carries several channels (<c>channel.k8s.io</c>): each message begins with its channel's number.</summary>
/// <param name="socket">The accepted socket.</param>
/// <param name="isBase64">Messages are text: the number a digit, the rest in base64 (<c>base64.channel.k8s.io</c>).</param>
internal sealed class ChannelSocket(WebSocket socket, bool isBase64) : IDisposable
{
    // A message in base64 is read whole before it is decoded.
    private const int MostEncodedBytes = 1 << 20;
    private const int SentAtOnce = 32 * 1024;
    private const byte Zero = (byte)'0';

    private readonly byte[] buffer = new byte[32 * 1024];
    private readonly SemaphoreSlim writing = new(1, 1);
    private byte? unfinished;

    /// <summary>The next bytes; null at the connection's end.</summary>
    /// <exception cref="InvalidDataException">They are not of the protocol.</exception>
    public async ValueTask<ChannelPart?> ReceiveAsync(CancellationToken cancellation) =>
        isBase64 ? await ReceiveEncodedAsync(cancellation) : await ReceiveRawAsync(cancellation);

    /// <summary>Sends bytes on a channel, in as many messages as it takes.</summary>
    public async ValueTask SendAsync(byte channel, ReadOnlyMemory<byte> bytes, CancellationToken cancellation)
    {
        await writing.WaitAsync(cancellation);
        var message = ArrayPool<byte>.Shared.Rent(1 + (isBase64 ? Base64.GetMaxEncodedToUtf8Length(SentAtOnce) : SentAtOnce));
        try
        {
            while (!bytes.IsEmpty)
            {
                var part = bytes[..Math.Min(bytes.Length, SentAtOnce)];
                bytes = bytes[part.Length..];
                await socket.SendAsync(
                    message.AsMemory(0, Write(message, channel, part.Span)),
                    isBase64 ? WebSocketMessageType.Text : WebSocketMessageType.Binary, endOfMessage: true, cancellation);
            }
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(message);
            writing.Release();
        }
    }

    /// <summary>Tells the client that nothing more comes. What it still sends can be received.</summary>
    public async ValueTask CloseAsync(CancellationToken cancellation)
    {
        await writing.WaitAsync(cancellation);
        try
        {
            await socket.CloseOutputAsync(WebSocketCloseStatus.NormalClosure, null, cancellation);
        }
        finally
        {
            writing.Release();
        }
    }

    public void Dispose()
    {
        socket.Dispose();
        writing.Dispose();
    }

    private int Write(byte[] message, byte channel, ReadOnlySpan<byte> bytes)
    {
        if (!isBase64)
        {
            message[0] = channel;
            bytes.CopyTo(message.AsSpan(1));
            return 1 + bytes.Length;
        }

        message[0] = (byte)(Zero + channel);
        Base64.EncodeToUtf8(bytes, message.AsSpan(1), out _, out var written);
        return 1 + written;
    }

    private async ValueTask<ChannelPart?> ReceiveRawAsync(CancellationToken cancellation)
    {
        while (true)
        {
            var part = await socket.ReceiveAsync(buffer.AsMemory(), cancellation);
            if (part.MessageType == WebSocketMessageType.Close)
            {
                return null;
            }

            var begun = unfinished;
            if (part.Count == 0)
            {
                unfinished = part.EndOfMessage ? null : begun;
                continue;
            }

            var channel = begun ?? buffer[0];
            unfinished = part.EndOfMessage ? null : channel;
            return new ChannelPart(channel, buffer.AsMemory((begun is null ? 1 : 0)..part.Count), begun is null && part.EndOfMessage);
        }
    }

    private async ValueTask<ChannelPart?> ReceiveEncodedAsync(CancellationToken cancellation)
    {
        using var message = new MemoryStream();
        while (true)
        {
            var part = await socket.ReceiveAsync(buffer.AsMemory(), cancellation);
            if (part.MessageType == WebSocketMessageType.Close)
            {
                return null;
            }

            message.Write(buffer, 0, part.Count);
            if (message.Length > MostEncodedBytes)
            {
                throw new InvalidDataException("a message is too large");
            }

            if (part.EndOfMessage && message.Length > 0)
            {
                return Decode(message.ToArray());
            }
        }
    }

    private static ChannelPart Decode(byte[] message) =>
        message[0] >= Zero && Base64.DecodeFromUtf8InPlace(message.AsSpan(1), out var count) == OperationStatus.Done
            ? new ChannelPart((byte)(message[0] - Zero), message.AsMemory(1, count), IsWhole: true)
            : throw new InvalidDataException("a message is not in base64");
}
