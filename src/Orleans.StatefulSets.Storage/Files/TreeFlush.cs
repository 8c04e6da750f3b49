namespace Orleans.StatefulSets.Storage;

/// <summary>What is to be written of a tree in one transaction: how each thing is from now on, or that it is gone.</summary>
public sealed record TreeFlush
{
    /// <summary>The tree's own row.</summary>
    public required TreeHeader Header { get; init; }

    /// <summary>Attachments that are new or other.</summary>
    public IReadOnlyList<StoredAttachment> Attachments { get; init; } = [];

    /// <summary>Holders whose attachments went.</summary>
    public IReadOnlyList<string> GoneHolders { get; init; } = [];

    /// <summary>Inodes that are new or other.</summary>
    public IReadOnlyList<StoredInode> Inodes { get; init; } = [];

    /// <summary>Inodes that went, with all their blocks.</summary>
    public IReadOnlyList<long> GoneInodes { get; init; } = [];

    /// <summary>Names that are new or name something else.</summary>
    public IReadOnlyList<StoredName> Names { get; init; } = [];

    /// <summary>Names that went.</summary>
    public IReadOnlyList<(long Directory, string Name)> GoneNames { get; init; } = [];

    /// <summary>Blocks that are new or other.</summary>
    public IReadOnlyList<StoredBlock> Blocks { get; init; } = [];

    /// <summary>Blocks that went from files that stay.</summary>
    public IReadOnlyList<(long Inode, long Index)> GoneBlocks { get; init; } = [];

    /// <summary>How many rows it touches.</summary>
    internal int Rows => Attachments.Count + GoneHolders.Count + Inodes.Count + GoneInodes.Count + Names.Count + GoneNames.Count + Blocks.Count + GoneBlocks.Count;

    /// <summary>Bytes of its blocks.</summary>
    internal long BlockBytes => Blocks.Sum(block => (long)block.Bytes.Length);
}
