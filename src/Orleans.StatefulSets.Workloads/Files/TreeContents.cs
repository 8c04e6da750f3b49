namespace Orleans.StatefulSets.Workloads.Files;

/// <summary>A tree as it was stored: everything but the bytes of its files, which are brought in when they are asked for.</summary>
public sealed record TreeContents
{
    /// <summary>The inodes; the root is among them once anything was changed.</summary>
    public required IReadOnlyList<FileNode> Nodes { get; init; }

    /// <summary>All names.</summary>
    public required IReadOnlyList<TreeName> Names { get; init; }

    /// <summary>The pieces of the files, without their bytes.</summary>
    public required IReadOnlyList<FilePiece> Pieces { get; init; }

    /// <summary>The first inode number that was never given.</summary>
    public required long Next { get; init; }

    /// <summary>How many changes there were.</summary>
    public required long Sequence { get; init; }
}

/// <summary>A name in a directory.</summary>
/// <param name="Directory">The directory's inode.</param>
/// <param name="Name">The name, a byte string.</param>
/// <param name="Node">The inode that it names.</param>
public readonly record struct TreeName(long Directory, string Name, long Node);

/// <summary>64 KiB of a file, or less where it has holes or ends: large enough that a large file has few, small enough to be written anew for one byte.</summary>
/// <param name="Node">The file's inode.</param>
/// <param name="Index">Which piece, from 0.</param>
/// <param name="Mask">Which of its sixteen blocks of 4 KiB take room, a bit each.</param>
/// <param name="Content">The bytes of those blocks, one after another; the last may be cut off behind the file's end.</param>
public readonly record struct FilePiece(long Node, long Index, int Mask, ReadOnlyMemory<byte> Content)
{
    /// <summary>Bytes of a file that one piece stands for.</summary>
    public const int Bytes = 65_536;
}

/// <summary>What is to be written to make a store agree with a tree. Whatever is written twice does no harm.</summary>
public sealed record TreeChanges
{
    /// <summary>How many changes the tree has seen: all of them are in the store once this is.</summary>
    public required long Sequence { get; init; }

    /// <summary>The first inode number that was not given yet.</summary>
    public required long Next { get; init; }

    /// <summary>Bytes that the tree takes: its blocks, and something for each inode and name.</summary>
    public required long Bytes { get; init; }

    /// <summary>Inodes that are new or changed.</summary>
    public required IReadOnlyList<FileNode> Nodes { get; init; }

    /// <summary>Inodes that went, and all pieces of theirs.</summary>
    public required IReadOnlyList<long> GoneNodes { get; init; }

    /// <summary>Names that are new or name something else.</summary>
    public required IReadOnlyList<TreeName> Names { get; init; }

    /// <summary>Names that went.</summary>
    public required IReadOnlyList<(long Directory, string Name)> GoneNames { get; init; }

    /// <summary>Pieces that are new or changed.</summary>
    public required IReadOnlyList<FilePiece> Pieces { get; init; }

    /// <summary>Pieces that went from files that stay.</summary>
    public required IReadOnlyList<(long Node, long Index)> GonePieces { get; init; }
}
