using System.Buffers.Binary;
using System.Text;
using Orleans.StatefulSets.Api.Streams.Spdy;

namespace Orleans.StatefulSets.Api.Tests.Streams;

/// <summary>The client's side of a SPDY connection in memory, frame by frame.</summary>
internal sealed class SpdyTestClient : IAsyncDisposable
{
    private readonly MemoryDuplex connection = new();
    private bool begun;

    /// <summary>What the server reads and writes.</summary>
    public Stream Server => connection.Server;

    private Stream Own => connection.Client;

    public ValueTask OpenAsync(int stream, params (string Name, string Value)[] headers)
    {
        var block = SpdyBlocks.Stored(SpdyBlocks.Plain(headers));
        byte[] payload = [.. SpdyBlocks.Number(stream), .. SpdyBlocks.Number(0), 0, 0, .. begun ? [] : SpdyBlocks.Header(), .. block];
        begun = true;
        return SendAsync(new SpdyFrame(SpdyFrameType.SynStream, 0, 0, payload));
    }

    public ValueTask SendAsync(SpdyFrame frame) => Own.WriteAsync(frame.ToBytes());

    public ValueTask SendAsync(int stream, string text, bool last = false) =>
        SendAsync(new SpdyFrame(SpdyFrameType.Data, stream, last ? SpdyFrame.Fin : (byte)0, Encoding.ASCII.GetBytes(text)));

    public ValueTask SendBytesAsync(byte[] bytes) => Own.WriteAsync(bytes);

    public async Task<SpdyFrame> ReadAsync() => await SpdyFrame.ReadAsync(Own, 1 << 20, CancellationToken.None) ?? throw new EndOfStreamException();

    public ValueTask DisposeAsync() => connection.DisposeAsync();
}

/// <summary>Header blocks as a client packs them: stored.</summary>
internal static class SpdyBlocks
{
    // The zlib header of every SPDY client names its dictionary by this sum.
    public const uint DictionarySum = 0xe3c6a7c2;

    public static byte[] Header()
    {
        var header = new byte[6];
        (header[0], header[1]) = (0x78, 0xbb);
        BinaryPrimitives.WriteUInt32BigEndian(header.AsSpan(2), DictionarySum);
        return header;
    }

    public static byte[] Plain(params (string Name, string Value)[] pairs) =>
        [.. Number(pairs.Length), .. pairs.SelectMany(pair => Text(pair.Name).Concat(Text(pair.Value)))];

    public static byte[] Number(int number)
    {
        var bytes = new byte[4];
        BinaryPrimitives.WriteInt32BigEndian(bytes, number);
        return bytes;
    }

    public static byte[] Stored(byte[] bytes)
    {
        var block = new byte[5 + bytes.Length];
        BinaryPrimitives.WriteUInt16LittleEndian(block.AsSpan(1), (ushort)bytes.Length);
        BinaryPrimitives.WriteUInt16LittleEndian(block.AsSpan(3), (ushort)~(ushort)bytes.Length);
        bytes.CopyTo(block, 5);
        return block;
    }

    private static byte[] Text(string text) => [.. Number(text.Length), .. Encoding.ASCII.GetBytes(text)];
}
