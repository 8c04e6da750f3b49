using System.Numerics;

namespace Orleans.StatefulSets.Workloads.Files;

/// <content>What a tree tells of itself to be stored, and how it is made from what was (<see cref="DurableTree"/>).</content>
public sealed partial class MemoryTree
{
    // Of what stands in the store for an inode or a name besides the blocks.
    private const long BytesPerRow = 256;

    /// <summary>The first inode number that was not given yet.</summary>
    internal long Next => next;

    /// <summary>Inodes that have no name any more, and are held.</summary>
    internal int Nameless => nameless;

    /// <summary>Bytes that it takes in a store.</summary>
    internal long StoredBytes => (usedBlocks * FileBlocks.BlockBytes) + (usedNodes * BytesPerRow);

    /// <summary>A tree that notes what changes.</summary>
    /// <exception cref="InvalidDataException">What was stored contradicts itself.</exception>
    internal static MemoryTree Load(TreeContents stored, TreeLedger ledger, long capacity, long fileBytes, TimeProvider clock)
    {
        var tree = new MemoryTree(capacity, clock, basis: null, ledger) { FileBytes = fileBytes, changed = [] };
        ledger.Sequence = stored.Sequence;
        tree.next = Math.Max(stored.Next, tree.next);
        foreach (var node in stored.Nodes)
        {
            // Without a name it was only held by a process that is not there any more.
            if (node.Links == 0 && node.Number != tree.Root)
            {
                ledger.Gone(node.Number);
                continue;
            }

            tree.changed[node.Number] = new MemoryInode(node, parent: tree.Root);
            tree.usedNodes += node.IsDirectory ? 1 : node.Links;
        }

        tree.LoadNames(stored.Names);
        tree.LoadPieces(stored.Pieces);
        return tree;
    }

    /// <summary>The inode, or null where there is none.</summary>
    internal MemoryInode? Peek(long number) => changed is not null && changed.TryGetValue(number, out var inode) ? inode : basis.Inodes.GetValueOrDefault(number);

    private void LoadNames(IReadOnlyList<TreeName> names)
    {
        foreach (var name in names)
        {
            if (!changed!.TryGetValue(name.Directory, out var directory) || directory?.Names is null || !changed.TryGetValue(name.Node, out var node) || node is null)
            {
                throw new InvalidDataException($"a name of directory {name.Directory} leads to inode {name.Node}, and one of them is missing");
            }

            directory.Names[name.Name] = name.Node;
            node.Parent = name.Directory;
        }
    }

    private void LoadPieces(IReadOnlyList<FilePiece> pieces)
    {
        foreach (var piece in pieces)
        {
            // Those of a file that went with its process went too.
            if (changed!.GetValueOrDefault(piece.Node)?.Content is { } content)
            {
                content.Expect(piece.Index, piece.Mask);
                usedBlocks += BitOperations.PopCount((uint)piece.Mask);
            }
        }
    }

    private void NotePieces(MemoryInode inode, long offset, int count)
    {
        if (ledger is null)
        {
            return;
        }

        foreach (var piece in FileBlocks.PiecesOf(offset, count))
        {
            ledger.Piece(inode.Node.Number, piece, inode.Content!.Present(piece));
        }
    }
}
