using System.Text;
using Orleans.StatefulSets.Workloads.Text;

namespace Orleans.StatefulSets.Workloads.Programs.Tools;

/// <summary>One member of a tar archive: its header of 512 bytes (ustar; GNU's long names and pax's are read, GNU's written).</summary>
internal sealed record TarHeader(string Name, char Type, int Mode, int Uid, int Gid, long Size, DateTime Modified, string Link, string User, string Group)
{
    public const int Block = 512;
    private const int NameBytes = 100;

    public bool IsDirectory => Type == '5' || (Type is '0' or '\0' && Name.EndsWith('/'));

    public bool IsFile => Type is '0' or '\0' or '7' && !IsDirectory;

    /// <summary>The header's bytes, with those of a long name or link before it.</summary>
    public byte[] ToBytes()
    {
        var bytes = new MemoryStream();
        if (Link.Length > NameBytes)
        {
            bytes.Write(Long('K', Link));
        }

        if (Name.Length > NameBytes)
        {
            bytes.Write(Long('L', Name));
        }

        bytes.Write(Plain());
        return bytes.ToArray();
    }

    /// <summary>Reads a header; null where the block is empty.</summary>
    /// <exception cref="InvalidDataException">It is none.</exception>
    public static TarHeader? Parse(byte[] block)
    {
        if (Array.TrueForAll(block, value => value == 0))
        {
            return null;
        }

        var sum = 0;
        for (var at = 0; at < Block; at++)
        {
            sum += at is >= 148 and < 156 ? ' ' : block[at];
        }

        if (sum != Number(block, 148, 8))
        {
            throw new InvalidDataException(TextAt(block, 257, 5) != "ustar" ? "invalid tar magic" : "invalid tar header checksum");
        }

        var name = TextAt(block, 0, NameBytes);
        var prefix = TextAt(block, 257, 6) == "ustar" ? TextAt(block, 345, 155) : "";
        return new TarHeader(
            prefix.Length > 0 ? $"{prefix}/{name}" : name,
            (char)block[156],
            (int)Number(block, 100, 8) & 0xFFF,
            (int)Number(block, 108, 8),
            (int)Number(block, 116, 8),
            Number(block, 124, 12),
            DateTime.UnixEpoch.AddSeconds(Math.Clamp(Number(block, 136, 12), 0, 100_000_000_000)),
            TextAt(block, 157, NameBytes),
            TextAt(block, 265, 32),
            TextAt(block, 297, 32));
    }

    /// <summary>Bytes behind the contents up to the next block.</summary>
    public static int Padding(long size) => (int)((Block - (size % Block)) % Block);

    private static byte[] Long(char type, string text)
    {
        var content = ByteText.ToBytes(text + "\0");
        var header = new TarHeader("././@LongLink", type, 0, 0, 0, content.Length, DateTime.UnixEpoch, "", "", "").Plain();
        return [.. header, .. content, .. new byte[Padding(content.Length)]];
    }

    private byte[] Plain()
    {
        var block = new byte[Block];
        Put(block, 0, Name, NameBytes);
        Put(block, 100, Octal(Mode, 7), 7);
        Put(block, 108, Octal(Uid, 7), 7);
        Put(block, 116, Octal(Gid, 7), 7);
        Put(block, 124, Octal(Size, 11), 11);
        Put(block, 136, Octal(Math.Max(0, (long)(Modified - DateTime.UnixEpoch).TotalSeconds), 11), 11);
        block[156] = (byte)Type;
        Put(block, 157, Link, NameBytes);
        Put(block, 257, "ustar  ", 8);
        Put(block, 265, User, 31);
        Put(block, 297, Group, 31);
        block.AsSpan(148, 8).Fill((byte)' ');
        var sum = block.Sum(value => value);
        Put(block, 148, Octal(sum, 6) + "\0", 7);
        return block;
    }

    private static void Put(byte[] block, int at, string text, int most) => Encoding.Latin1.GetBytes(text.AsSpan(0, Math.Min(text.Length, most)), block.AsSpan(at));

    private static string Octal(long number, int digits) => Convert.ToString(number, 8).PadLeft(digits, '0');

    private static string TextAt(byte[] block, int at, int most)
    {
        var end = Array.IndexOf(block, (byte)0, at, most);
        return ByteText.FromBytes(block.AsSpan(at, end < 0 ? most : end - at));
    }

    private static long Number(byte[] block, int at, int length)
    {
        if ((block[at] & 0x80) != 0)
        {
            var value = (long)(block[at] & 0x7F);
            for (var index = 1; index < length; index++)
            {
                value = (value << 8) | block[at + index];
            }

            return value;
        }

        var text = TextAt(block, at, length).Trim(' ', '\0');
        return text.All(letter => letter is >= '0' and <= '7') ? text.Length == 0 ? 0 : Convert.ToInt64(text, 8) : throw new InvalidDataException("invalid tar magic");
    }
}
