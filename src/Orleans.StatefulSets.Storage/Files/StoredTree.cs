namespace Orleans.StatefulSets.Storage;

/// <summary>A tree as it is kept, without the bytes of its blocks.</summary>
public sealed record StoredTree
{
    /// <summary>The one row of its own.</summary>
    public required TreeHeader Header { get; init; }

    /// <summary>The holder that wrote last; 0 before the first.</summary>
    public required long WrittenBy { get; init; }

    /// <summary>Who may use it.</summary>
    public required IReadOnlyList<StoredAttachment> Attachments { get; init; }

    /// <summary>All inodes.</summary>
    public required IReadOnlyList<StoredInode> Inodes { get; init; }

    /// <summary>All names.</summary>
    public required IReadOnlyList<StoredName> Names { get; init; }

    /// <summary>All blocks, their bytes left empty.</summary>
    public required IReadOnlyList<StoredBlock> Blocks { get; init; }
}

/// <summary>What is written of a tree with each flush.</summary>
/// <param name="Sequence">How many changes of the tree are in the store.</param>
/// <param name="Next">The first inode number that was not given.</param>
/// <param name="Capacity">Bytes that fit.</param>
/// <param name="Bytes">Bytes that it takes, by its holder's account.</param>
/// <param name="AttachEpoch">The epoch of the newest attachment.</param>
public readonly record struct TreeHeader(long Sequence, long Next, long Capacity, long Bytes, long AttachEpoch)
{
    /// <summary>That of a tree that nobody wrote to.</summary>
    public static TreeHeader New => new(Sequence: 0, Next: 0, Capacity: 0, Bytes: 0, AttachEpoch: 0);
}

/// <summary>Somebody who may use a tree.</summary>
/// <param name="Holder">Who.</param>
/// <param name="Epoch">Since which attach epoch.</param>
/// <param name="Exclusive">Whether nobody of another node may use it at the same time.</param>
/// <param name="Origin">The process that asked.</param>
public sealed record StoredAttachment(string Holder, long Epoch, bool Exclusive, string Origin);

/// <summary>An inode's attributes. Times are in ticks of 100 ns since the year 1, UTC.</summary>
public sealed record StoredInode
{
    /// <summary>Its number in the tree.</summary>
    public required long Number { get; init; }

    /// <summary>What kind of thing it is, by the number that its holder gives to each.</summary>
    public required int Kind { get; init; }

    /// <summary>Permission bits.</summary>
    public required int Mode { get; init; }

    /// <summary>Its owner.</summary>
    public required int Uid { get; init; }

    /// <summary>Its group.</summary>
    public required int Gid { get; init; }

    /// <summary>Bytes.</summary>
    public required long Size { get; init; }

    /// <summary>Names that it has.</summary>
    public required int Links { get; init; }

    /// <summary>Last read.</summary>
    public required long Accessed { get; init; }

    /// <summary>Last change of the contents.</summary>
    public required long Modified { get; init; }

    /// <summary>Last change of the attributes.</summary>
    public required long Changed { get; init; }

    /// <summary>Where a symbolic link points; a device's name.</summary>
    public string? Target { get; init; }
}

/// <summary>A name in a directory.</summary>
/// <param name="Directory">The directory's inode.</param>
/// <param name="Name">The name; no NUL in it.</param>
/// <param name="Inode">What it names.</param>
public readonly record struct StoredName(long Directory, string Name, long Inode);

/// <summary>A block of a file's contents.</summary>
/// <param name="Inode">The file.</param>
/// <param name="Index">Its place among the file's blocks.</param>
/// <param name="Mask">A number of its holder's, given back with it: which parts of the block there are.</param>
/// <param name="Bytes">Its bytes.</param>
public readonly record struct StoredBlock(long Inode, long Index, int Mask, ReadOnlyMemory<byte> Bytes);
