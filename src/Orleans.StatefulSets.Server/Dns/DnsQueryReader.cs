using System.Buffers.Binary;
using System.Globalization;
using System.Text;
using Orleans.StatefulSets.Workloads.Network;

namespace Orleans.StatefulSets.Server.Dns;

/// <summary>
/// Reads queries. Written by hand: of the kept libraries one has its encoder closed and brings a cryptography library of 7 MB into memory
/// with the first message, the other is of 2019; and neither says what it does with a packet that somebody made up.
/// </summary>
internal static class DnsQueryReader
{
    /// <summary>The bytes of a message's header.</summary>
    public const int HeaderBytes = 12;

    private const int LongestName = 255;
    private const int LongestLabel = 63;
    private const int Pointer = 0xC0;
    private const int OptionsType = 41;

    /// <summary>Reads a query.</summary>
    /// <returns>Null where there is nothing to answer: no whole header, or an answer to somebody else.</returns>
    public static DnsQuery? Read(ReadOnlyMemory<byte> message)
    {
        var bytes = message.Span;
        if (bytes.Length < HeaderBytes || (bytes[2] & 0x80) != 0)
        {
            return null;
        }

        var query = new DnsQuery { Id = Number(bytes, 0), Opcode = (bytes[2] >> 3) & 15, WantsRecursion = (bytes[2] & 1) != 0 };
        var at = HeaderBytes;
        if (query.Opcode != 0 || Number(bytes, 4) != 1 || ReadName(bytes, ref at) is not { } name || at + 4 > bytes.Length)
        {
            return query;
        }

        var asked = query with
        {
            Question = new DnsQuestion(name, (DnsType)Number(bytes, at)),
            Class = Number(bytes, at + 2),
            QuestionBytes = message[HeaderBytes..(at + 4)],
        };
        at += 4;
        return ReadOptions(bytes, at, asked) ?? query;
    }

    // Names in questions are never compressed, as nothing stands before them. Odd bytes are escaped, and so match no name.
    private static string? ReadName(ReadOnlySpan<byte> bytes, ref int at)
    {
        var name = new StringBuilder();
        var start = at;
        while (at < bytes.Length && bytes[at] is var length && length <= LongestLabel && at + length + 1 - start <= LongestName)
        {
            at++;
            if (length == 0)
            {
                return name.ToString();
            }

            if (at + length > bytes.Length)
            {
                return null;
            }

            AppendLabel(name.Length > 0 ? name.Append('.') : name, bytes.Slice(at, length));
            at += length;
        }

        return null;
    }

    private static void AppendLabel(StringBuilder name, ReadOnlySpan<byte> label)
    {
        foreach (var letter in label)
        {
            if (letter is > 32 and < 127 && letter != '.' && letter != '\\')
            {
                name.Append((char)letter);
            }
            else
            {
                name.Append('\\').Append(letter.ToString("D3", CultureInfo.InvariantCulture));
            }
        }
    }

    // Of what may follow the question only EDNS is looked at; null where it cannot be read to its end.
    private static DnsQuery? ReadOptions(ReadOnlySpan<byte> bytes, int at, DnsQuery query)
    {
        var records = Number(bytes, 6) + Number(bytes, 8) + Number(bytes, 10);
        for (var index = 0; index < records; index++)
        {
            var isRoot = at < bytes.Length && bytes[at] == 0;
            if (!SkipName(bytes, ref at) || at + 10 > bytes.Length || at + 10 + Number(bytes, at + 8) > bytes.Length)
            {
                return null;
            }

            if (Number(bytes, at) == OptionsType)
            {
                if (query.DatagramBytes is not null || !isRoot)
                {
                    return null;
                }

                query = query with { DatagramBytes = Number(bytes, at + 2), EdnsVersion = bytes[at + 5] };
            }

            at += 10 + Number(bytes, at + 8);
        }

        return query;
    }

    private static bool SkipName(ReadOnlySpan<byte> bytes, ref int at)
    {
        while (at < bytes.Length)
        {
            var length = bytes[at];
            at += length >= Pointer ? 2 : length + 1;
            if (length is 0 or >= Pointer)
            {
                return at <= bytes.Length;
            }

            if (length > LongestLabel)
            {
                return false;
            }
        }

        return false;
    }

    private static ushort Number(ReadOnlySpan<byte> bytes, int at) => BinaryPrimitives.ReadUInt16BigEndian(bytes[at..]);
}
