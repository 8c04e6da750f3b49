namespace Orleans.StatefulSets.Workloads.Files;

/// <summary>A file's bytes in blocks of 4 KiB; a block nobody wrote to reads as zeros and takes no room. Blocks may be shared with a copy.</summary>
internal sealed partial class FileBlocks
{
    public const int BlockBytes = 4096;
    private const int SmallestArray = 64;

    // Null bytes: the block takes room, and lies in the store only (FileBlocks.Pieces.cs).
    private readonly Dictionary<long, (byte[]? Bytes, bool Shared)> blocks = [];

    /// <summary>Blocks that take room.</summary>
    public int Count => blocks.Count;

    /// <summary>Another file's bytes that begin as these; both copy a block before they change it.</summary>
    public FileBlocks Copy()
    {
        var copy = new FileBlocks();
        foreach (var (index, block) in blocks.ToList())
        {
            copy.blocks[index] = blocks[index] = (block.Bytes, true);
        }

        return copy;
    }

    /// <summary>How many blocks a write would add.</summary>
    public int Missing(long offset, int count)
    {
        var missing = 0;
        for (var index = offset / BlockBytes; count > 0 && index <= (offset + count - 1) / BlockBytes; index++)
        {
            missing += blocks.ContainsKey(index) ? 0 : 1;
        }

        return missing;
    }

    public byte[] Read(long offset, int count)
    {
        var bytes = new byte[count];
        for (var done = 0; done < count;)
        {
            var (index, within, length) = Part(offset + done, count - done);
            if (blocks.TryGetValue(index, out var block) && Here(block.Bytes) is var stored && within < stored.Length)
            {
                stored.AsSpan(within, Math.Min(length, stored.Length - within)).CopyTo(bytes.AsSpan(done));
            }

            done += length;
        }

        return bytes;
    }

    public void Write(long offset, ReadOnlySpan<byte> bytes)
    {
        while (bytes.Length > 0)
        {
            var (index, within, length) = Part(offset, bytes.Length);
            bytes[..length].CopyTo(Own(index, within + length).AsSpan(within));
            bytes = bytes[length..];
            offset += length;
        }
    }

    /// <summary>Forgets everything from <paramref name="size"/> on.</summary>
    public void Cut(long size)
    {
        var last = size / BlockBytes;
        var within = (int)(size % BlockBytes);
        foreach (var index in blocks.Keys.Where(index => index > last || (index == last && within == 0)).ToList())
        {
            blocks.Remove(index);
        }

        if (within > 0 && blocks.TryGetValue(last, out var block) && Here(block.Bytes).Length > within)
        {
            Own(last, within).AsSpan(within).Clear();
        }
    }

    private static (long Index, int Within, int Length) Part(long offset, int count)
    {
        var within = (int)(offset % BlockBytes);
        return (offset / BlockBytes, within, Math.Min(count, BlockBytes - within));
    }

    /// <summary>A block's array for writing: not shared, and long enough. Short files have short arrays.</summary>
    private byte[] Own(long index, int length)
    {
        var there = blocks.TryGetValue(index, out var block);
        var stored = there ? Here(block.Bytes) : [];
        if (there && !block.Shared && stored.Length >= length)
        {
            return stored;
        }

        var size = SmallestArray;
        while (size < length)
        {
            size *= 2;
        }

        var bytes = new byte[Math.Max(size, stored.Length)];
        stored.CopyTo(bytes, 0);
        blocks[index] = (bytes, false);
        return bytes;
    }
}
