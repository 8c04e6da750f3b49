using System.Buffers.Binary;

namespace Orleans.StatefulSets.Api.Streams.Spdy;

/// <summary>What a frame is: data of a stream, or a control frame by its number (SPDY Protocol Draft 3.1, 2.6).</summary>
internal enum SpdyFrameType
{
    Data = 0,
    SynStream = 1,
    SynReply = 2,
    RstStream = 3,
    Settings = 4,
    Ping = 6,
    GoAway = 7,
    Headers = 8,
    WindowUpdate = 9,
}

/// <summary>One frame.</summary>
/// <param name="Type">What it is.</param>
/// <param name="Stream">Of data the stream; a control frame's stands in its payload.</param>
/// <param name="Flags">1: the sender sends nothing more on this stream.</param>
/// <param name="Payload">What follows the header.</param>
internal readonly record struct SpdyFrame(SpdyFrameType Type, int Stream, byte Flags, ReadOnlyMemory<byte> Payload)
{
    public const byte Fin = 1;
    private const int HeaderBytes = 8;
    private const ushort Version = 0x8003;

    public bool IsLast => (Flags & Fin) != 0;

    /// <summary>The number in the payload's first four bytes: of most control frames the stream.</summary>
    /// <exception cref="InvalidDataException">The payload is shorter.</exception>
    public int Number => Payload.Length < 4 ? throw new InvalidDataException("a frame is too short") : BinaryPrimitives.ReadInt32BigEndian(Payload.Span) & int.MaxValue;

    /// <summary>The next frame, or null at the end of the connection.</summary>
    /// <exception cref="InvalidDataException">It is not SPDY/3.1, or larger than <paramref name="mostBytes"/>.</exception>
    public static async ValueTask<SpdyFrame?> ReadAsync(Stream from, int mostBytes, CancellationToken cancellation)
    {
        var header = new byte[HeaderBytes];
        if (await from.ReadAtLeastAsync(header, HeaderBytes, throwOnEndOfStream: false, cancellation) < HeaderBytes)
        {
            return null;
        }

        var word = BinaryPrimitives.ReadUInt32BigEndian(header);
        var length = (int)(BinaryPrimitives.ReadUInt32BigEndian(header.AsSpan(4)) & 0xffffff);
        var isControl = word >> 31 == 1;
        if (isControl && word >> 16 != Version)
        {
            throw new InvalidDataException("not SPDY/3.1");
        }

        if (length > mostBytes)
        {
            throw new InvalidDataException("a frame is too large");
        }

        var payload = new byte[length];
        if (await from.ReadAtLeastAsync(payload, length, throwOnEndOfStream: false, cancellation) < length)
        {
            return null;
        }

        return isControl
            ? new SpdyFrame((SpdyFrameType)(word & 0xffff), 0, header[4], payload)
            : new SpdyFrame(SpdyFrameType.Data, (int)word, header[4], payload);
    }

    /// <summary>The frame's bytes.</summary>
    public byte[] ToBytes()
    {
        var bytes = new byte[HeaderBytes + Payload.Length];
        BinaryPrimitives.WriteUInt32BigEndian(bytes, Type == SpdyFrameType.Data ? (uint)Stream : ((uint)Version << 16) | (uint)Type);
        BinaryPrimitives.WriteUInt32BigEndian(bytes.AsSpan(4), ((uint)Flags << 24) | (uint)Payload.Length);
        Payload.CopyTo(bytes.AsMemory(HeaderBytes));
        return bytes;
    }
}
