using System.Buffers.Binary;
using System.Net;
using System.Text;

namespace Orleans.StatefulSets.Server.Tests.Dns;

/// <summary>A response read by a reader that shares nothing with the writer, and holds it to RFC 1035: pointers lead back, no byte is left over.</summary>
internal sealed record ReadMessage
{
    public required int Id { get; init; }

    public required int Flags { get; init; }

    public required IReadOnlyList<string> Questions { get; init; }

    public required IReadOnlyList<string> Answers { get; init; }

    public required IReadOnlyList<string> Authorities { get; init; }

    public required IReadOnlyList<string> Additional { get; init; }

    public int Code => Flags & 15;

    public bool IsTruncated => (Flags & 0x0200) != 0;

    public static ReadMessage Of(ReadOnlySpan<byte> bytes)
    {
        var at = 12;
        var questions = Enumerable.Range(0, Short(bytes, 4)).Select(_ => "").ToList();
        for (var index = 0; index < questions.Count; index++)
        {
            questions[index] = $"{Name(bytes, ref at)} {Short(bytes, at)} {Short(bytes, at + 2)}";
            at += 4;
        }

        var read = new ReadMessage
        {
            Id = Short(bytes, 0),
            Flags = Short(bytes, 2),
            Questions = questions,
            Answers = Records(bytes, ref at, Short(bytes, 6)),
            Authorities = Records(bytes, ref at, Short(bytes, 8)),
            Additional = Records(bytes, ref at, Short(bytes, 10)),
        };
        Assert.Equal(bytes.Length, at);
        return read;
    }

    private static List<string> Records(ReadOnlySpan<byte> bytes, ref int at, int count)
    {
        var records = new List<string>();
        for (var index = 0; index < count; index++)
        {
            var name = Name(bytes, ref at);
            var (type, room, seconds, end) = (Short(bytes, at), Short(bytes, at + 2), BinaryPrimitives.ReadUInt32BigEndian(bytes[(at + 4)..]), at + 10 + Short(bytes, at + 8));
            at += 10;
            records.Add(type == 41 ? $"OPT {room} {seconds >> 24}" : $"{name} {seconds} {Data(bytes, ref at, type)}");
            Assert.Equal(end, at);
        }

        return records;
    }

    private static string Data(ReadOnlySpan<byte> bytes, ref int at, int type)
    {
        switch (type)
        {
            case 1:
                at += 4;
                return $"A {new IPAddress(bytes.Slice(at - 4, 4))}";
            case 16:
                var length = bytes[at];
                at += 1 + length;
                return $"TXT {Encoding.ASCII.GetString(bytes.Slice(at - length, length))}";
            case 33:
                at += 6;
                var numbers = $"{Short(bytes, at - 6)} {Short(bytes, at - 4)} {Short(bytes, at - 2)}";
                var target = at;
                var name = Name(bytes, ref at);
                Assert.Equal(name.Length + 2, at - target);
                return $"SRV {numbers} {name}";
            case 6:
                var (server, mailbox) = (Name(bytes, ref at), Name(bytes, ref at));
                var text = $"SOA {server} {mailbox}";
                for (var index = 0; index < 5; index++, at += 4)
                {
                    text += $" {BinaryPrimitives.ReadUInt32BigEndian(bytes[at..])}";
                }

                return text;
            default:
                return $"{type} {Name(bytes, ref at)}";
        }
    }

    private static string Name(ReadOnlySpan<byte> bytes, ref int at)
    {
        var labels = new List<string>();
        var (place, jumped) = (at, false);
        while (bytes[place] != 0)
        {
            if (bytes[place] >= 0xC0)
            {
                var target = Short(bytes, place) & 0x3FFF;
                Assert.True(target < place, "a pointer leads forward");
                (at, jumped, place) = (jumped ? at : place + 2, true, target);
                continue;
            }

            Assert.InRange(bytes[place], 1, 63);
            labels.Add(Encoding.ASCII.GetString(bytes.Slice(place + 1, bytes[place])));
            place += 1 + bytes[place];
        }

        at = jumped ? at : place + 1;
        return string.Join('.', labels);
    }

    private static int Short(ReadOnlySpan<byte> bytes, int at) => BinaryPrimitives.ReadUInt16BigEndian(bytes[at..]);
}
