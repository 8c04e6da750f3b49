namespace Orleans.StatefulSets.Workloads.Files;

/// <summary>What kind of thing an inode is.</summary>
public enum FileKind
{
    /// <summary>A regular file.</summary>
    Regular,

    /// <summary>A directory.</summary>
    Directory,

    /// <summary>A symbolic link.</summary>
    SymbolicLink,

    /// <summary>A character device, such as <c>/dev/null</c>.</summary>
    CharacterDevice,

    /// <summary>A named pipe.</summary>
    NamedPipe,
}

/// <summary>The attributes of one inode, as <c>stat</c> shows them.</summary>
/// <param name="Number">The inode's number in its tree; never given twice while the tree lives.</param>
/// <param name="Kind">What it is.</param>
/// <param name="Mode">Permission bits, 0 to 07777.</param>
/// <param name="Uid">Its owner.</param>
/// <param name="Gid">Its group.</param>
/// <param name="Size">Bytes; of a symbolic link the length of its target.</param>
/// <param name="Links">Names that it has.</param>
/// <param name="Accessed">Last read; trees are mounted relatime.</param>
/// <param name="Modified">Last change of the contents, UTC.</param>
/// <param name="Changed">Last change of the attributes, UTC.</param>
/// <param name="Target">Where a symbolic link points; a character device's name.</param>
public sealed record FileNode(
    long Number, FileKind Kind, int Mode, int Uid, int Gid, long Size, int Links, DateTime Accessed, DateTime Modified, DateTime Changed, string? Target = null)
{
    /// <summary>Whether it is a directory.</summary>
    public bool IsDirectory => Kind == FileKind.Directory;
}

/// <summary>One name in a directory.</summary>
/// <param name="Name">The name, a byte string.</param>
/// <param name="Node">What it names.</param>
public readonly record struct DirectoryEntry(string Name, FileNode Node);

/// <summary>What is to be made in a directory.</summary>
/// <param name="Kind">What kind of thing.</param>
/// <param name="Mode">Permission bits, the umask taken off already.</param>
/// <param name="Uid">Its owner.</param>
/// <param name="Gid">Its group.</param>
/// <param name="Target">Where a symbolic link points; a character device's name.</param>
public readonly record struct NewNode(FileKind Kind, int Mode, int Uid, int Gid, string? Target = null);

/// <summary>A change of attributes; null leaves an attribute as it is.</summary>
public sealed record AttributeChange
{
    /// <summary>Permission bits, 0 to 07777.</summary>
    public int? Mode { get; init; }

    /// <summary>The owner.</summary>
    public int? Uid { get; init; }

    /// <summary>The group.</summary>
    public int? Gid { get; init; }

    /// <summary>Bytes: cuts the file off, or lengthens it with zeros.</summary>
    public long? Size { get; init; }

    /// <summary>Last read.</summary>
    public DateTime? Accessed { get; init; }

    /// <summary>Last change of the contents.</summary>
    public DateTime? Modified { get; init; }
}

/// <summary>Room in a tree, as <c>df</c> shows it.</summary>
/// <param name="Capacity">Bytes.</param>
/// <param name="Used">Bytes.</param>
/// <param name="Nodes">Most inodes.</param>
/// <param name="UsedNodes">Inodes in use.</param>
public sealed record TreeUsage(long Capacity, long Used, long Nodes, long UsedNodes);
