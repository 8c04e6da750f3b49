namespace Orleans.StatefulSets.Storage.Tests.Files;

/// <summary>Rows of trees, and what is told of them.</summary>
internal static class Trees
{
    public static TreeHeader Header(long sequence, long bytes = 0) => new(sequence, Next: sequence + 2, Capacity: 1 << 20, bytes, AttachEpoch: 0);

    public static StoredInode File(long number, long size = 10, int links = 1) => new()
    {
        Number = number,
        Kind = 0,
        Mode = 0x1A4,
        Uid = 1000,
        Gid = 2000,
        Size = size,
        Links = links,
        Accessed = 638_000_000_000_000_001,
        Modified = 638_000_000_000_000_002,
        Changed = 638_000_000_000_000_003,
    };

    public static StoredBlock Block(long inode, long index, int length = 10, byte with = 1)
    {
        var bytes = new byte[length];
        Array.Fill(bytes, with);
        return new StoredBlock(inode, index, Mask: with, bytes);
    }

    /// <summary>All of a tree in one text, so that two can be compared at a glance.</summary>
    public static async Task<string> DescribeAsync(IFileStore store, TreeHold hold)
    {
        var tree = await store.LoadAsync(hold, CancellationToken.None);
        if (tree is null)
        {
            return "fenced";
        }

        List<string> lines = [$"{tree.Header}"];
        lines.AddRange(tree.Attachments.Select(attachment => $"{attachment}").Order(StringComparer.Ordinal));
        lines.AddRange(tree.Inodes.OrderBy(inode => inode.Number).Select(inode => $"{inode}"));
        lines.AddRange(tree.Names.OrderBy(name => name.Directory).ThenBy(name => name.Name, StringComparer.Ordinal).Select(name => $"{name.Directory}/{name.Name} {name.Inode}"));
        foreach (var file in tree.Blocks.GroupBy(block => block.Inode).OrderBy(file => file.Key))
        {
            var read = await store.ReadBlocksAsync(hold, file.Key, [.. file.Select(block => block.Index)], CancellationToken.None);
            lines.AddRange(read!.Select(block => $"{block.Inode}[{block.Index}] {block.Mask} {Convert.ToHexString(block.Bytes.Span)}"));
        }

        return string.Join('\n', lines);
    }
}
