using System.Buffers.Binary;
using System.Globalization;
using System.Text;
using Orleans.StatefulSets.Workloads.Network;

namespace Orleans.StatefulSets.Server.Dns;

/// <summary>
/// Writes one response, names compressed, into a buffer whose length is the most that the client takes. What does not fit is left out: with
/// an answer the response says that it is truncated (TC), and the client asks again over TCP; additional records are just left out.
/// </summary>
internal ref struct DnsResponseWriter
{
    private const int FarthestPointer = 0x3FFF;
    private const int LongestLabel = 63;
    private const int OptionsBytes = 11;
    private const int OwnDatagramBytes = 1232;

    private readonly Span<byte> buffer;
    private readonly int room;
    private readonly Dictionary<string, int> names = new(StringComparer.OrdinalIgnoreCase);
    private int at;
    private bool isImpossible;

    private DnsResponseWriter(Span<byte> buffer, int room)
    {
        this.buffer = buffer;
        this.room = room;
    }

    /// <summary>Writes a response.</summary>
    /// <param name="buffer">Where, and how much at most.</param>
    /// <param name="query">What is answered.</param>
    /// <param name="code">How it went.</param>
    /// <param name="answer">The records; null where there are none to give.</param>
    /// <returns>The bytes written; null where a name cannot be said in DNS, such as an ExternalName with a label of more than 63 letters.</returns>
    public static int? Write(Span<byte> buffer, DnsQuery query, DnsResponseCode code, DnsAnswer? answer)
    {
        var writer = new DnsResponseWriter(buffer, buffer.Length - (query.DatagramBytes is null ? 0 : OptionsBytes));
        var length = writer.Write(query, code, answer ?? new DnsAnswer(true, []));
        return writer.isImpossible ? null : length;
    }

    private int Write(DnsQuery query, DnsResponseCode code, DnsAnswer answer)
    {
        at = DnsQueryReader.HeaderBytes;
        buffer[..at].Clear();
        if (query.Question is { } question)
        {
            Remember(question.Name, at);
            query.QuestionBytes.Span.CopyTo(buffer[at..]);
            at += query.QuestionBytes.Length;
        }

        var answers = WriteAll(answer.Records, out var truncated);
        var authorities = truncated ? 0 : WriteAll(answer.Authority, out truncated);
        var additional = truncated ? 0 : WriteAll(answer.Additional, out _);
        if (query.DatagramBytes is not null)
        {
            WriteOptions(code);
            additional++;
        }

        Put(0, query.Id);
        Put(2, 0x8000 | (query.Opcode << 11) | (answer.IsAuthoritative ? 0x0400 : 0) | (truncated ? 0x0200 : 0) | (query.WantsRecursion ? 0x0100 : 0) | ((int)code & 15));
        Put(4, query.Question is null ? 0 : 1);
        Put(6, answers);
        Put(8, authorities);
        Put(10, additional);
        return at;
    }

    private int WriteAll(IReadOnlyList<DnsRecord> records, out bool truncated)
    {
        truncated = false;
        for (var index = 0; index < records.Count; index++)
        {
            var before = at;
            if (!TryWrite(records[index]))
            {
                at = before;
                truncated = true;
                return index;
            }
        }

        return records.Count;
    }

    private bool TryWrite(DnsRecord record)
    {
        if (!TryWriteName(record.Name, compressed: true) || at + 10 > room)
        {
            return false;
        }

        Put(at, (int)record.Type);
        Put(at + 2, 1);
        BinaryPrimitives.WriteUInt32BigEndian(buffer[(at + 4)..], (uint)record.TimeToLive);
        var length = at + 8;
        at += 10;
        if (!TryWriteData(record))
        {
            return false;
        }

        Put(length, at - length - 2);
        return true;
    }

    private bool TryWriteData(DnsRecord record) => record.Type switch
    {
        DnsType.A => Ipv4Address.TryParse(record.Data, out var address) && TryWriteNumber(address.Number),
        DnsType.TXT => TryWriteText(record.Data),
        DnsType.SRV => TryWriteService(record.Data.Split(' ')),
        DnsType.SOA => TryWriteAuthority(record.Data.Split(' ')),
        _ => TryWriteName(record.Data, compressed: true),
    };

    // RFC 2782: the target is not compressed; others may point to it.
    private bool TryWriteService(string[] parts)
    {
        foreach (var number in parts[..3])
        {
            if (!TryWriteShort(int.Parse(number, CultureInfo.InvariantCulture)))
            {
                return false;
            }
        }

        return TryWriteName(parts[3], compressed: false);
    }

    private bool TryWriteAuthority(string[] parts)
    {
        if (!TryWriteName(parts[0], compressed: true) || !TryWriteName(parts[1], compressed: true))
        {
            return false;
        }

        foreach (var number in parts[2..])
        {
            if (!TryWriteNumber(uint.Parse(number, CultureInfo.InvariantCulture)))
            {
                return false;
            }
        }

        return true;
    }

    private bool TryWriteText(string text)
    {
        if (at + 1 + text.Length > room)
        {
            return false;
        }

        buffer[at++] = (byte)text.Length;
        at += Encoding.ASCII.GetBytes(text, buffer[at..]);
        return true;
    }

    private bool TryWriteName(string name, bool compressed)
    {
        for (var rest = name; rest.Length > 0;)
        {
            if (compressed && names.TryGetValue(rest, out var offset))
            {
                return TryWriteShort(0xC000 | offset);
            }

            var dot = rest.IndexOf('.', StringComparison.Ordinal);
            var label = dot < 0 ? rest : rest[..dot];
            isImpossible |= label.Length is 0 or > LongestLabel;
            if (isImpossible || at + 1 + label.Length > room)
            {
                return false;
            }

            if (at <= FarthestPointer)
            {
                names.TryAdd(rest, at);
            }

            buffer[at] = (byte)label.Length;
            at += 1 + Encoding.ASCII.GetBytes(label, buffer[(at + 1)..]);
            rest = dot < 0 ? "" : rest[(dot + 1)..];
        }

        if (at + 1 > room)
        {
            return false;
        }

        buffer[at++] = 0;
        return true;
    }

    // The question's labels, each of which ends a name that may be pointed to. One with odd bytes is longer written than on the wire, and
    // has no records to point to it.
    private readonly void Remember(string name, int offset)
    {
        if (name.Contains('\\', StringComparison.Ordinal))
        {
            return;
        }

        while (name.Length > 0)
        {
            names.TryAdd(name, offset);
            var dot = name.IndexOf('.', StringComparison.Ordinal);
            offset += dot + 1;
            name = dot < 0 ? "" : name[(dot + 1)..];
        }
    }

    private void WriteOptions(DnsResponseCode code)
    {
        buffer.Slice(at, OptionsBytes).Clear();
        Put(at + 1, 41);
        Put(at + 3, OwnDatagramBytes);
        buffer[at + 5] = (byte)((int)code >> 4);
        at += OptionsBytes;
    }

    private bool TryWriteShort(int number)
    {
        if (at + 2 > room)
        {
            return false;
        }

        Put(at, number);
        at += 2;
        return true;
    }

    private bool TryWriteNumber(uint number)
    {
        if (at + 4 > room)
        {
            return false;
        }

        BinaryPrimitives.WriteUInt32BigEndian(buffer[at..], number);
        at += 4;
        return true;
    }

    private readonly void Put(int offset, int number) => BinaryPrimitives.WriteUInt16BigEndian(buffer[offset..], (ushort)number);
}
