using Orleans.StatefulSets.Storage;
using Orleans.StatefulSets.Workloads.Files;

namespace Orleans.StatefulSets.Grains.Files;

/// <summary>A tree's inodes, names and pieces as rows, and back.</summary>
internal static class TreeRows
{
    public static TreeContents Contents(StoredTree stored) => new()
    {
        Nodes = [.. stored.Inodes.Select(Node)],
        Names = [.. stored.Names.Select(name => new TreeName(name.Directory, name.Name, name.Inode))],
        Pieces = [.. stored.Blocks.Select(Piece)],
        Next = stored.Header.Next,
        Sequence = stored.Header.Sequence,
    };

    public static FilePiece Piece(StoredBlock block) => new(block.Inode, block.Index, block.Mask, block.Bytes);

    public static TreeFlush Flush(TreeChanges changes, AttachmentChanges attachments, long capacity) => new()
    {
        Header = new TreeHeader(changes.Sequence, changes.Next, capacity, changes.Bytes, attachments.Epoch),
        Attachments = attachments.There,
        GoneHolders = attachments.Gone,
        Inodes = [.. changes.Nodes.Select(Inode)],
        GoneInodes = changes.GoneNodes,
        Names = [.. changes.Names.Select(name => new StoredName(name.Directory, name.Name, name.Node))],
        GoneNames = changes.GoneNames,
        Blocks = [.. changes.Pieces.Select(piece => new StoredBlock(piece.Node, piece.Index, piece.Mask, piece.Content))],
        GoneBlocks = changes.GonePieces,
    };

    private static FileNode Node(StoredInode inode) => new(
        inode.Number,
        (FileKind)inode.Kind,
        inode.Mode,
        inode.Uid,
        inode.Gid,
        inode.Size,
        inode.Links,
        new DateTime(inode.Accessed, DateTimeKind.Utc),
        new DateTime(inode.Modified, DateTimeKind.Utc),
        new DateTime(inode.Changed, DateTimeKind.Utc),
        inode.Target);

    private static StoredInode Inode(FileNode node) => new()
    {
        Number = node.Number,
        Kind = (int)node.Kind,
        Mode = node.Mode,
        Uid = node.Uid,
        Gid = node.Gid,
        Size = node.Size,
        Links = node.Links,
        Accessed = node.Accessed.Ticks,
        Modified = node.Modified.Ticks,
        Changed = node.Changed.Ticks,
        Target = node.Target,
    };
}
