namespace Orleans.StatefulSets.Workloads.Files;

/// <summary>
/// A tree whose files outlive it: it knows what its store does not have yet, and holds in memory all inodes and names, but of the files'
/// bytes only those that are used. The bytes that a call needs are brought in before it (<see cref="Away"/>, <see cref="Bring"/>), so the
/// call itself never waits. For one caller at a time; whoever writes to the store keeps one <see cref="Take"/> under way.
/// </summary>
public sealed class DurableTree
{
    private readonly TreeLedger ledger = new();
    private readonly MemoryTree tree;
    private readonly Dictionary<(long Node, long Piece), (long Used, int Blocks)> present = [];
    private readonly HashSet<(long Node, long Piece)> underWay = [];
    private long uses;
    private long blocksPresent;

    /// <param name="stored">What the store has.</param>
    /// <param name="capacity">Bytes that fit: beyond, ENOSPC.</param>
    /// <param name="fileBytes">Bytes of the largest file: beyond, EFBIG.</param>
    /// <param name="clock">The simulated clock, for times.</param>
    /// <exception cref="InvalidDataException">What was stored contradicts itself.</exception>
    public DurableTree(TreeContents stored, long capacity, long fileBytes, TimeProvider clock) =>
        tree = MemoryTree.Load(stored, ledger, capacity, fileBytes, clock);

    /// <summary>The tree; it answers at once.</summary>
    public IFileTree Files => tree;

    /// <summary>Bytes that fit.</summary>
    public long Capacity
    {
        get => tree.Capacity;
        set => tree.Capacity = value;
    }

    /// <summary>How many changes there were.</summary>
    public long Sequence => ledger.Sequence;

    /// <summary>The first inode number that was not given yet.</summary>
    public long Next => tree.Next;

    /// <summary>Whether there is anything to write that was not taken.</summary>
    public bool IsDirty => !ledger.IsEmpty;

    /// <summary>Bytes of contents that the next <see cref="Take"/> would copy, about.</summary>
    public long DirtyBytes => ledger.Blocks * FileBlocks.BlockBytes;

    /// <summary>Inodes and names that the next <see cref="Take"/> would write.</summary>
    public int DirtyRows => ledger.Nodes.Count + ledger.Names.Count;

    /// <summary>Whether a file is open that has no name any more: it goes when the tree leaves memory.</summary>
    public bool HasNameless => tree.Nameless > 0;

    /// <summary>Bytes of contents in memory, about.</summary>
    public long BytesPresent => blocksPresent * FileBlocks.BlockBytes;

    /// <summary>Changes whenever bytes left memory: what was read from the store before is not to be brought in after.</summary>
    public long Drops { get; private set; }

    /// <summary>Whether a piece lies in the store only.</summary>
    public bool IsAway(long node, long piece) => tree.Peek(node)?.Content?.IsAway(piece) == true;

    /// <summary>The pieces that must be brought in before these bytes are read, written or cut off.</summary>
    public IReadOnlyList<long> Away(long node, long offset, int count)
    {
        if (tree.Peek(node)?.Content is not { } content || offset < 0)
        {
            return [];
        }

        List<long> away = [];
        foreach (var piece in FileBlocks.PiecesOf(offset, count))
        {
            if (content.IsAway(piece))
            {
                away.Add(piece);
            }

            Use((node, piece), Math.Max(content.Present(piece), FileBlocks.BlocksOf(piece, offset, count)));
        }

        return away;
    }

    /// <summary>Brings a piece in.</summary>
    public void Bring(FilePiece piece) => tree.Peek(piece.Node)?.Content?.Bring(piece.Index, piece.Mask, piece.Content.Span);

    /// <summary>What the store does not have yet. Until <see cref="Landed"/> or <see cref="Failed"/> it counts as under way.</summary>
    public TreeChanges Take()
    {
        List<FileNode> nodes = [];
        List<long> goneNodes = [];
        foreach (var number in ledger.Nodes)
        {
            if (tree.Peek(number) is { } inode)
            {
                nodes.Add(inode.Node);
            }
            else
            {
                goneNodes.Add(number);
            }
        }

        var (names, goneNames) = TakeNames();
        var (pieces, gonePieces) = TakePieces();
        var changes = new TreeChanges
        {
            Sequence = ledger.Sequence,
            Next = tree.Next,
            Bytes = tree.StoredBytes,
            Nodes = nodes,
            GoneNodes = goneNodes,
            Names = names,
            GoneNames = goneNames,
            Pieces = pieces,
            GonePieces = gonePieces,
        };
        ledger.Clear();
        return changes;
    }

    /// <summary>What was taken is in the store.</summary>
    public void Landed() => underWay.Clear();

    /// <summary>What was taken is not in the store, or nobody knows: it is to be written again.</summary>
    public void Failed(TreeChanges changes)
    {
        underWay.Clear();
        var sequence = ledger.Sequence;
        foreach (var number in changes.Nodes.Select(node => node.Number).Concat(changes.GoneNodes))
        {
            ledger.Node(number);
        }

        foreach (var (directory, name) in changes.Names.Select(name => (name.Directory, name.Name)).Concat(changes.GoneNames))
        {
            ledger.Name(directory, name);
        }

        foreach (var (node, index) in changes.Pieces.Select(piece => (piece.Node, piece.Index)).Concat(changes.GonePieces))
        {
            if (tree.Peek(node)?.Content is { } content)
            {
                ledger.Piece(node, index, content.Present(index));
            }
        }

        ledger.Sequence = sequence;
    }

    /// <summary>Lets bytes that the store has go from memory, those that were used longest ago first, until no more than these are left.</summary>
    /// <param name="bytes">How many may be left.</param>
    /// <param name="spared">How many pieces stay whatever that leads to, those that were used last.</param>
    public void Shrink(long bytes, int spared)
    {
        if (BytesPresent <= bytes)
        {
            return;
        }

        // A quarter more, so that the next one doesn't look through all of it again.
        bytes -= bytes / 4;
        Drops++;
        foreach (var key in present.OrderBy(pair => pair.Value.Used).SkipLast(spared).Select(pair => pair.Key).ToList())
        {
            if (BytesPresent <= bytes)
            {
                return;
            }

            if (!underWay.Contains(key) && !ledger.Has(key.Node, key.Piece))
            {
                tree.Peek(key.Node)?.Content?.Drop(key.Piece);
                blocksPresent -= present[key].Blocks;
                present.Remove(key);
            }
        }
    }

    private void Use((long Node, long Piece) key, int blocks)
    {
        blocksPresent += blocks - present.GetValueOrDefault(key).Blocks;
        present[key] = (++uses, blocks);
    }

    private (List<TreeName> There, List<(long Directory, string Name)> Gone) TakeNames()
    {
        List<TreeName> there = [];
        List<(long Directory, string Name)> gone = [];
        foreach (var (directory, name) in ledger.Names)
        {
            if (tree.Peek(directory)?.Names is { } names && names.TryGetValue(name, out var node))
            {
                there.Add(new TreeName(directory, name, node));
            }
            else
            {
                gone.Add((directory, name));
            }
        }

        return (there, gone);
    }

    private (List<FilePiece> There, List<(long Node, long Index)> Gone) TakePieces()
    {
        List<FilePiece> there = [];
        List<(long Node, long Index)> gone = [];
        foreach (var (node, index) in ledger.Pieces)
        {
            underWay.Add((node, index));
            if (tree.Peek(node) is { Content: { } content } inode && content.Pack(index, inode.Node.Size) is var (mask, bytes))
            {
                there.Add(new FilePiece(node, index, mask, bytes));
            }
            else
            {
                gone.Add((node, index));
            }
        }

        return (there, gone);
    }
}
