using System.Buffers.Binary;

namespace Orleans.StatefulSets.Resources.Decoding.Protobuf;

/// <summary>One field as it stands on the wire: a number, or bytes.</summary>
internal readonly record struct WireValue(int Field, ulong Number, ReadOnlyMemory<byte> Bytes, bool IsBytes)
{
    /// <summary>The fields of a message, in the order of writing.</summary>
    /// <exception cref="FormatException">The bytes are not a message.</exception>
    public static List<WireValue> ReadAll(ReadOnlyMemory<byte> message)
    {
        var values = new List<WireValue>();
        var at = 0;
        while (at < message.Length)
        {
            var tag = Varint(message.Span, ref at);
            var field = (int)(tag >> 3);
            values.Add((tag & 7) switch
            {
                _ when field <= 0 => throw new FormatException($"proto: illegal tag {field} (wire type {tag & 7})"),
                0 => new WireValue(field, Varint(message.Span, ref at), default, false),
                1 => new WireValue(field, BinaryPrimitives.ReadUInt64LittleEndian(Take(message, 8, ref at).Span), default, false),
                2 => new WireValue(field, 0, Take(message, Varint(message.Span, ref at), ref at), true),
                5 => new WireValue(field, BinaryPrimitives.ReadUInt32LittleEndian(Take(message, 4, ref at).Span), default, false),
                _ => throw new FormatException($"proto: illegal wireType {tag & 7}"),
            });
        }

        return values;
    }

    /// <summary>The numbers of a packed list.</summary>
    /// <exception cref="FormatException">They end too early.</exception>
    public IEnumerable<ulong> Packed()
    {
        for (var at = 0; at < Bytes.Length;)
        {
            yield return Varint(Bytes.Span, ref at);
        }
    }

    private static ReadOnlyMemory<byte> Take(ReadOnlyMemory<byte> message, ulong length, ref int at)
    {
        if (length > (ulong)(message.Length - at))
        {
            throw new FormatException("unexpected EOF");
        }

        at += (int)length;
        return message.Slice(at - (int)length, (int)length);
    }

    private static ulong Varint(ReadOnlySpan<byte> bytes, ref int at)
    {
        ulong value = 0;
        for (var shift = 0; shift < 64; shift += 7)
        {
            if (at >= bytes.Length)
            {
                throw new FormatException("unexpected EOF");
            }

            value |= (ulong)(bytes[at] & 0x7f) << shift;
            if (bytes[at++] < 0x80)
            {
                return value;
            }
        }

        throw new FormatException("proto: integer overflow");
    }
}
