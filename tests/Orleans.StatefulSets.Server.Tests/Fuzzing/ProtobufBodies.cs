using System.Text;
using Orleans.StatefulSets.Server.Tests.Samples;

namespace Orleans.StatefulSets.Server.Tests.Fuzzing;

/// <summary>Bodies as typed Go clients send them: the envelope and the metadata right, what follows at random.</summary>
internal sealed class ProtobufBodies(Random random)
{
    public byte[] New(ServedKind kind, string @namespace, string name)
    {
        var metadata = new List<byte>();
        Text(metadata, 1, name);
        Text(metadata, 3, @namespace);
        var label = new List<byte>();
        Text(label, 1, "tier");
        Text(label, 2, "a");
        Bytes(metadata, 11, label);
        if (random.Next(4) == 0)
        {
            Noise(metadata, 3);
        }

        var message = new List<byte>();
        Bytes(message, 1, metadata);
        for (var fields = random.Next(4); fields > 0; fields--)
        {
            Noise(message, 4);
        }

        var type = new List<byte>();
        Text(type, 1, kind.GroupVersion);
        Text(type, 2, kind.Kind);
        var unknown = new List<byte>();
        Bytes(unknown, 1, type);
        Bytes(unknown, 2, message);
        return [.. "k8s\0"u8, .. unknown];
    }

    private void Noise(List<byte> message, int depth)
    {
        var field = random.Next(1, 20);
        switch (random.Next(depth > 0 ? 6 : 4))
        {
            case 0:
                Number(message, (field << 3) | 0);
                Number(message, random.Next(2) == 0 ? random.NextInt64() : random.Next(5));
                break;
            case 1:
                Number(message, (field << 3) | random.Next(8));
                break;
            case 2:
                Text(message, field, random.Next(2) == 0 ? "web" : "\u0000☃");
                break;
            case 3:
                Number(message, (field << 3) | 1);
                message.AddRange(new byte[8]);
                break;
            default:
                var inner = new List<byte>();
                for (var fields = random.Next(4); fields > 0; fields--)
                {
                    Noise(inner, depth - 1);
                }

                Bytes(message, field, inner);
                break;
        }
    }

    private static void Text(List<byte> message, int field, string text) => Bytes(message, field, Encoding.UTF8.GetBytes(text));

    private static void Bytes(List<byte> message, int field, IReadOnlyCollection<byte> bytes)
    {
        Number(message, (field << 3) | 2);
        Number(message, bytes.Count);
        message.AddRange(bytes);
    }

    private static void Number(List<byte> message, long number)
    {
        var rest = (ulong)number;
        for (; rest >= 0x80; rest >>= 7)
        {
            message.Add((byte)(rest | 0x80));
        }

        message.Add((byte)rest);
    }
}
