namespace Orleans.StatefulSets.Workloads.Files;

/// <summary>One inode of a tree in memory.</summary>
internal sealed class MemoryInode(FileNode node, long parent)
{
    public FileNode Node { get; set; } = node;

    /// <summary>The directory that a directory is in.</summary>
    public long Parent { get; set; } = parent;

    /// <summary>A directory's names.</summary>
    public SortedDictionary<string, long>? Names { get; private init; } = node.IsDirectory ? new(StringComparer.Ordinal) : null;

    /// <summary>A file's bytes.</summary>
    public FileBlocks? Content { get; private init; } = node.Kind == FileKind.Regular ? new() : null;

    public SortedDictionary<string, long> Children => Names ?? throw new FileException(Errno.ENOTDIR);

    /// <summary>A copy that may be changed; the bytes stay shared until written.</summary>
    public MemoryInode Copy() => new(Node, Parent)
    {
        Names = Names is null ? null : new(Names, StringComparer.Ordinal),
        Content = Content?.Copy(),
    };
}
