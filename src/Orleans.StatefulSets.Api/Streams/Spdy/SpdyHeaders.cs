using System.Buffers.Binary;
using System.IO.Compression;
using System.Text;

namespace Orleans.StatefulSets.Api.Streams.Spdy;

/// <summary>The header blocks of one connection: each direction is one zlib stream over all of its frames.</summary>
internal sealed class SpdyHeaders : IDisposable
{
    private const int MostBytes = 64 * 1024;
    private const int MostPairs = 100;

    private readonly Feed feed = new();
    private readonly DeflateStream inflate;
    private bool begun;
    private bool answered;

    public SpdyHeaders() => inflate = new DeflateStream(feed, CompressionMode.Decompress);

    /// <summary>Reads the next block that the peer sent.</summary>
    /// <exception cref="InvalidDataException">It is not a header block, or larger than anybody needs.</exception>
    public IReadOnlyDictionary<string, string> Read(ReadOnlySpan<byte> block)
    {
        if (!begun)
        {
            block = Begin(block);
        }

        feed.Give(block);
        var left = MostBytes;
        var pairs = Number(ref left);
        if (pairs is < 0 or > MostPairs)
        {
            throw new InvalidDataException("too many headers");
        }

        var headers = new Dictionary<string, string>(StringComparer.OrdinalIgnoreCase);
        for (var i = 0; i < pairs; i++)
        {
            var name = Text(ref left);
            headers[name] = Text(ref left);
        }

        return headers;
    }

    /// <summary>A block for the peer. It has few headers or none: they are stored, not packed.</summary>
    public byte[] Write(IReadOnlyCollection<KeyValuePair<string, string>> headers)
    {
        using var plain = new MemoryStream();
        WriteNumber(plain, headers.Count);
        foreach (var (name, value) in headers)
        {
            WriteText(plain, name);
            WriteText(plain, value);
        }

        using var block = new MemoryStream();
        if (!answered)
        {
            answered = true;
            block.Write([0x78, 0x01]);
        }

        Store(block, plain.ToArray());
        Store(block, []);
        return block.ToArray();
    }

    public void Dispose() => inflate.Dispose();

    // The library knows no preset dictionary: it is told as a first, stored block, whose output is thrown away.
    private ReadOnlySpan<byte> Begin(ReadOnlySpan<byte> block)
    {
        if (block.Length < 6 || (block[0] & 0x0f) != 8 || (block[1] & 0x20) == 0)
        {
            throw new InvalidDataException("headers do not begin with a dictionary");
        }

        begun = true;
        using var stored = new MemoryStream();
        Store(stored, SpdyDictionary.Bytes);
        feed.Give(stored.ToArray());
        inflate.ReadExactly(new byte[SpdyDictionary.Bytes.Length]);
        return block[6..];
    }

    private int Number(ref int left)
    {
        Span<byte> bytes = stackalloc byte[4];
        Take(bytes, ref left);
        return BinaryPrimitives.ReadInt32BigEndian(bytes);
    }

    private string Text(ref int left)
    {
        var length = Number(ref left);
        if (length < 0 || length > left)
        {
            throw new InvalidDataException("a header is too long");
        }

        var bytes = new byte[length];
        Take(bytes, ref left);
        return Encoding.Latin1.GetString(bytes);
    }

    private void Take(Span<byte> bytes, ref int left)
    {
        if ((left -= bytes.Length) < 0)
        {
            throw new InvalidDataException("headers are too long");
        }

        try
        {
            inflate.ReadExactly(bytes);
        }
        catch (EndOfStreamException)
        {
            throw new InvalidDataException("headers end too soon");
        }
    }

    private static void Store(Stream to, ReadOnlySpan<byte> bytes)
    {
        Span<byte> header = stackalloc byte[5];
        BinaryPrimitives.WriteUInt16LittleEndian(header[1..], checked((ushort)bytes.Length));
        BinaryPrimitives.WriteUInt16LittleEndian(header[3..], (ushort)~(ushort)bytes.Length);
        to.Write(header);
        to.Write(bytes);
    }

    private static void WriteNumber(Stream to, int number)
    {
        Span<byte> bytes = stackalloc byte[4];
        BinaryPrimitives.WriteInt32BigEndian(bytes, number);
        to.Write(bytes);
    }

    private static void WriteText(Stream to, string text)
    {
        WriteNumber(to, text.Length);
        to.Write(Encoding.Latin1.GetBytes(text));
    }

    /// <summary>What came in and was not read yet.</summary>
    private sealed class Feed : MemoryStream
    {
        public void Give(ReadOnlySpan<byte> bytes)
        {
            var rest = GetBuffer().AsSpan((int)Position, (int)(Length - Position)).ToArray();
            SetLength(0);
            Position = 0;
            Write(rest);
            Write(bytes);
            Position = 0;
        }
    }
}
