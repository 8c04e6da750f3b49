using System.Buffers.Binary;
using System.Text;

namespace Orleans.StatefulSets.Server.Tests.Dns;

/// <summary>Queries as bytes, well made unless something is said.</summary>
internal static class WrittenQuery
{
    public static byte[] Of(string name, int type, int @class = 1, int flags = 0x0100, int questions = 1, int? datagramBytes = null, int ednsVersion = 0, int id = 0x1234)
    {
        var bytes = new List<byte>(new byte[12]);
        foreach (var label in name.Split('.', StringSplitOptions.RemoveEmptyEntries))
        {
            bytes.AddRange([(byte)label.Length, .. Encoding.Latin1.GetBytes(label)]);
        }

        bytes.AddRange([0, .. Short(type), .. Short(@class)]);
        if (datagramBytes is { } size)
        {
            bytes.AddRange([0, .. Short(41), .. Short(size), 0, (byte)ednsVersion, 0, 0, 0, 0]);
        }

        var message = bytes.ToArray();
        Short(id).CopyTo(message, 0);
        Short(flags).CopyTo(message, 2);
        Short(questions).CopyTo(message, 4);
        Short(datagramBytes is null ? 0 : 1).CopyTo(message, 10);
        return message;
    }

    private static byte[] Short(int number)
    {
        var bytes = new byte[2];
        BinaryPrimitives.WriteUInt16BigEndian(bytes, (ushort)number);
        return bytes;
    }
}
