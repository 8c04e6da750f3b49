using System.Runtime.InteropServices;
using Microsoft.Data.Sqlite;

namespace Orleans.StatefulSets.Storage;

/// <summary>The statements that write a flush's rows, inside of a transaction that was begun.</summary>
internal sealed class FlushStatements(Func<string, string[], SqliteCommand> prepare)
{
    private readonly SqliteCommand putAttachment = prepare(
        "INSERT INTO attachments VALUES ($tree, $holder, $epoch, $exclusive, $origin) ON CONFLICT DO UPDATE SET epoch = excluded.epoch, exclusive = excluded.exclusive, origin = excluded.origin",
        ["$tree", "$holder", "$epoch", "$exclusive", "$origin"]);

    private readonly SqliteCommand dropAttachment = prepare("DELETE FROM attachments WHERE tree = $tree AND holder = $holder", ["$tree", "$holder"]);

    private readonly SqliteCommand putInode = prepare(
        "REPLACE INTO inodes VALUES ($tree, $inode, $kind, $mode, $uid, $gid, $size, $links, $accessed, $modified, $changed, $target)",
        ["$tree", "$inode", "$kind", "$mode", "$uid", "$gid", "$size", "$links", "$accessed", "$modified", "$changed", "$target"]);

    private readonly SqliteCommand dropInode = prepare("DELETE FROM inodes WHERE tree = $tree AND inode = $inode", ["$tree", "$inode"]);
    private readonly SqliteCommand dropBlocks = prepare("DELETE FROM blocks WHERE tree = $tree AND inode = $inode", ["$tree", "$inode"]);

    private readonly SqliteCommand putName = prepare("REPLACE INTO names VALUES ($tree, $directory, $name, $inode)", ["$tree", "$directory", "$name", "$inode"]);
    private readonly SqliteCommand dropName = prepare("DELETE FROM names WHERE tree = $tree AND directory = $directory AND name = $name", ["$tree", "$directory", "$name"]);

    private readonly SqliteCommand putBlock = prepare(
        "INSERT INTO blocks VALUES ($tree, $inode, $block, $mask, $bytes) ON CONFLICT DO UPDATE SET mask = excluded.mask, bytes = excluded.bytes",
        ["$tree", "$inode", "$block", "$mask", "$bytes"]);

    private readonly SqliteCommand dropBlock = prepare("DELETE FROM blocks WHERE tree = $tree AND inode = $inode AND block = $block", ["$tree", "$inode", "$block"]);

    public void Write(long tree, TreeFlush flush)
    {
        foreach (var holder in flush.GoneHolders)
        {
            Run(dropAttachment, tree, holder);
        }

        foreach (var attachment in flush.Attachments)
        {
            Run(putAttachment, tree, attachment.Holder, attachment.Epoch, attachment.Exclusive, attachment.Origin);
        }

        WriteInodes(tree, flush);
        foreach (var (directory, name) in flush.GoneNames)
        {
            Run(dropName, tree, directory, name);
        }

        foreach (var name in flush.Names)
        {
            Run(putName, tree, name.Directory, name.Name, name.Inode);
        }

        foreach (var (inode, index) in flush.GoneBlocks)
        {
            Run(dropBlock, tree, inode, index);
        }

        foreach (var block in flush.Blocks)
        {
            Run(putBlock, tree, block.Inode, block.Index, block.Mask, BytesOf(block.Bytes));
        }
    }

    private void WriteInodes(long tree, TreeFlush flush)
    {
        foreach (var inode in flush.GoneInodes)
        {
            Run(dropInode, tree, inode);
            Run(dropBlocks, tree, inode);
        }

        foreach (var inode in flush.Inodes)
        {
            Run(
                putInode, tree, inode.Number, inode.Kind, inode.Mode, inode.Uid, inode.Gid, inode.Size, inode.Links, inode.Accessed, inode.Modified, inode.Changed,
                inode.Target ?? (object)DBNull.Value);
        }
    }

    private static void Run(SqliteCommand command, params ReadOnlySpan<object> values)
    {
        for (var place = 0; place < values.Length; place++)
        {
            command.Parameters[place].Value = values[place];
        }

        command.ExecuteNonQuery();
    }

    // Blocks are mostly whole arrays: those need no copy.
    private static byte[] BytesOf(ReadOnlyMemory<byte> bytes) =>
        MemoryMarshal.TryGetArray(bytes, out var segment) && segment.Offset == 0 && segment.Count == segment.Array!.Length ? segment.Array : bytes.ToArray();
}
