namespace Orleans.StatefulSets.Workloads.Files;

/// <content>Inodes and the room they take.</content>
public sealed partial class MemoryTree
{
    private MemoryInode Find(long number)
    {
        MemoryInode? inode;
        if (changed is null || !changed.TryGetValue(number, out inode))
        {
            basis.Inodes.TryGetValue(number, out inode);
        }

        return inode ?? throw new FileException(Errno.ESTALE);
    }

    /// <summary>A directory that new names may go into: one that was taken off takes none.</summary>
    private MemoryInode Alive(long directory)
    {
        var inode = Find(directory);
        return inode.Node.Links == 0 ? throw new FileException(Errno.ENOENT) : inode;
    }

    private bool IsOwn(long number) => changed?.ContainsKey(number) == true;

    private MemoryInode Own(long number)
    {
        var inode = Find(number);
        if (!IsOwn(number))
        {
            (changed ??= [])[number] = inode = inode.Copy();
            usedNodes++;
            usedBlocks += inode.Content?.Count ?? 0;
        }

        ledger?.Node(number);
        return inode;
    }

    private void Enter(MemoryInode directory, string name, long number, bool isDirectory, DateTime now)
    {
        directory.Children[name] = number;
        ledger?.Name(directory.Node.Number, name);
        directory.Node = directory.Node with { Links = directory.Node.Links + (isDirectory ? 1 : 0), Modified = now, Changed = now };
    }

    private void Leave(MemoryInode directory, string name, DateTime now)
    {
        directory.Children.Remove(name, out var number);
        ledger?.Name(directory.Node.Number, name);
        var inode = Own(number);
        var isDirectory = inode.Node.IsDirectory;
        directory.Node = directory.Node with { Links = directory.Node.Links - (isDirectory ? 1 : 0), Modified = now, Changed = now };
        inode.Node = inode.Node with { Links = isDirectory ? 0 : inode.Node.Links - 1, Changed = now };
        if (inode.Node.Links > 0)
        {
            usedNodes--; // Every further name counts as an inode; see LinkAsync.
        }
        else if (holds?.ContainsKey(number) != true)
        {
            Forget(inode);
        }
        else
        {
            nameless++;
        }
    }

    private void Forget(MemoryInode inode)
    {
        ledger?.Gone(inode.Node.Number);
        usedBlocks -= inode.Content?.Count ?? 0;
        usedNodes--;
        if (basis.Inodes.ContainsKey(inode.Node.Number))
        {
            changed![inode.Node.Number] = null;
        }
        else
        {
            changed!.Remove(inode.Node.Number);
        }
    }

    private void Cut(MemoryInode inode, long size)
    {
        var before = inode.Content!.Count;
        var pieces = ledger is null ? [] : inode.Content.PiecesFrom(size);
        inode.Content.Cut(size);
        usedBlocks += inode.Content.Count - before;
        foreach (var piece in pieces)
        {
            ledger!.Piece(inode.Node.Number, piece, inode.Content.Present(piece));
        }
    }

    private void Touch(MemoryInode inode)
    {
        var node = inode.Node;
        if (IsOwn(node.Number) && (node.Accessed <= node.Modified || node.Accessed <= node.Changed))
        {
            inode.Node = node with { Accessed = Now };
            ledger?.Node(node.Number);
        }
    }

    private void RequireRoom(int nodes, long blocks)
    {
        if (usedNodes + nodes > Nodes || (blocks > 0 && (usedBlocks + blocks) * FileBlocks.BlockBytes > Capacity))
        {
            throw new FileException(Errno.ENOSPC);
        }
    }

    private void RequireMovable(FileNode moved, long directory, long newDirectory, MemoryInode? there)
    {
        if (IsAbove(moved.Number, newDirectory))
        {
            throw new FileException(Errno.EINVAL);
        }

        if (there is not null && IsAbove(there.Node.Number, directory))
        {
            throw new FileException(Errno.ENOTEMPTY);
        }

        if (there is not null && there.Node.IsDirectory != moved.IsDirectory)
        {
            throw new FileException(moved.IsDirectory ? Errno.ENOTDIR : Errno.EISDIR);
        }

        if (there?.Names?.Count > 0)
        {
            throw new FileException(Errno.ENOTEMPTY);
        }
    }

    /// <summary>Whether a node is a directory or one that it lies in.</summary>
    private bool IsAbove(long node, long directory)
    {
        for (var at = directory; at != Root; at = Find(at).Parent)
        {
            if (at == node)
            {
                return true;
            }
        }

        return node == Root;
    }
}
