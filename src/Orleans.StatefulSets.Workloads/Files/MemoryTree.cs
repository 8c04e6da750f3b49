namespace Orleans.StatefulSets.Workloads.Files;

/// <summary>
/// A tree in memory: a container's own layer on the image's files, an emptyDir, the files of a ConfigMap. Of the image it copies only
/// what is changed, so a layer that nobody wrote to costs next to nothing. Times are relatime as in a container: of the image's files none.
/// </summary>
public sealed partial class MemoryTree : IFileTree
{
    private const int MostLinks = 65_000;
    private const long BytesPerNode = 16_384;
    private readonly ImageTree basis;
    private readonly TimeProvider clock;
    private readonly TreeLedger? ledger;
    private readonly long? mostNodes;

    // What differs from the image, by inode; null for what is gone. Made when the first thing is written.
    private Dictionary<long, MemoryInode?>? changed;
    private Dictionary<long, int>? holds;
    private long next;
    private long usedBlocks;
    private long usedNodes;
    private int nameless;

    /// <param name="capacity">Bytes that fit, the image's not counted: beyond, ENOSPC.</param>
    /// <param name="clock">The simulated clock, for times.</param>
    /// <param name="basis">The image below.</param>
    public MemoryTree(long capacity, TimeProvider clock, ImageTree? basis = null)
        : this(capacity, clock, basis, ledger: null)
    {
    }

    private MemoryTree(long capacity, TimeProvider clock, ImageTree? basis, TreeLedger? ledger)
    {
        Capacity = capacity;
        this.clock = clock;
        this.ledger = ledger;
        this.basis = basis ?? Empty;
        next = this.basis.Next;
    }

    /// <summary>Bytes that fit.</summary>
    public long Capacity { get; internal set; }

    /// <summary>Bytes of the largest file: beyond, EFBIG.</summary>
    public long FileBytes { get; init; } = 1L << 30;

    /// <summary>Most inodes, the image's not counted, and most names: beyond, ENOSPC. One for 16 KiB where not given, as ext4 has it.</summary>
    public long Nodes
    {
        get => mostNodes ?? Math.Clamp(Capacity / BytesPerNode, 1024, 1 << 20);
        init => mostNodes = value;
    }

    /// <inheritdoc/>
    public long Root => 1;

    private static ImageTree Empty { get; } = new ImageBuilder().Build();

    private DateTime Now => clock.GetUtcNow().UtcDateTime;

    /// <inheritdoc/>
    public ValueTask<FileNode> GetAsync(long node) => new(Find(node).Node);

    /// <inheritdoc/>
    public ValueTask<FileNode?> LookUpAsync(long directory, string name) =>
        new(Find(directory).Children.TryGetValue(name, out var child) ? Find(child).Node : null);

    /// <inheritdoc/>
    public ValueTask<IReadOnlyList<DirectoryEntry>> ListAsync(long directory) =>
        new([.. Find(directory).Children.Select(child => new DirectoryEntry(child.Key, Find(child.Value).Node))]);

    /// <inheritdoc/>
    public ValueTask<FileNode> CreateAsync(long directory, string name, NewNode made)
    {
        var parent = Alive(directory);
        if (parent.Children.ContainsKey(name))
        {
            throw new FileException(Errno.EEXIST);
        }

        RequireRoom(nodes: 1, blocks: 0);
        var now = Now;
        var isDirectory = made.Kind == FileKind.Directory;
        var size = isDirectory ? FileBlocks.BlockBytes : made.Kind == FileKind.SymbolicLink ? made.Target!.Length : 0;
        var node = new FileNode(next++, made.Kind, made.Mode, made.Uid, made.Gid, size, isDirectory ? 2 : 1, now, now, now, made.Target);
        (changed ??= [])[node.Number] = new MemoryInode(node, directory);
        ledger?.Node(node.Number);
        usedNodes++;
        Enter(Own(directory), name, node.Number, isDirectory, now);
        return new(node);
    }

    /// <inheritdoc/>
    public ValueTask<FileNode> LinkAsync(long node, long directory, string name)
    {
        var linked = Find(node);
        if (linked.Node.IsDirectory)
        {
            throw new FileException(Errno.EPERM);
        }

        if (Alive(directory).Children.ContainsKey(name))
        {
            throw new FileException(Errno.EEXIST);
        }

        if (linked.Node.Links == 0)
        {
            throw new FileException(Errno.ENOENT);
        }

        if (linked.Node.Links >= MostLinks)
        {
            throw new FileException(Errno.EMLINK);
        }

        RequireRoom(nodes: 1, blocks: 0);
        var now = Now;
        linked = Own(node);
        linked.Node = linked.Node with { Links = linked.Node.Links + 1, Changed = now };
        usedNodes++;
        Enter(Own(directory), name, node, isDirectory: false, now);
        return new(linked.Node);
    }

    /// <inheritdoc/>
    public ValueTask RemoveAsync(long directory, string name, bool isDirectory)
    {
        if (!Find(directory).Children.TryGetValue(name, out var number))
        {
            throw new FileException(Errno.ENOENT);
        }

        var node = Find(number);
        if (node.Node.IsDirectory != isDirectory)
        {
            throw new FileException(isDirectory ? Errno.ENOTDIR : Errno.EISDIR);
        }

        if (isDirectory && node.Children.Count > 0)
        {
            throw new FileException(Errno.ENOTEMPTY);
        }

        Leave(Own(directory), name, Now);
        return default;
    }

    /// <inheritdoc/>
    public ValueTask RenameAsync(long directory, string name, long newDirectory, string newName)
    {
        if (!Find(directory).Children.TryGetValue(name, out var number))
        {
            throw new FileException(Errno.ENOENT);
        }

        var moved = Find(number).Node;
        var there = Alive(newDirectory).Children.TryGetValue(newName, out var other) ? Find(other) : null;
        if (there?.Node.Number == number)
        {
            return default;
        }

        RequireMovable(moved, directory, newDirectory, there);
        var now = Now;
        if (there is not null)
        {
            Leave(Own(newDirectory), newName, now);
        }

        var from = Own(directory);
        from.Children.Remove(name);
        ledger?.Name(directory, name);
        from.Node = from.Node with { Links = from.Node.Links - (moved.IsDirectory ? 1 : 0), Modified = now, Changed = now };
        var own = Own(number);
        own.Node = own.Node with { Changed = now };
        own.Parent = newDirectory;
        Enter(Own(newDirectory), newName, number, moved.IsDirectory, now);
        return default;
    }

    /// <inheritdoc/>
    public ValueTask<FileNode> ChangeAsync(long node, AttributeChange change)
    {
        var before = Find(node).Node;
        if (change.Size is { } size && (before.Kind != FileKind.Regular || size < 0))
        {
            throw new FileException(before.IsDirectory ? Errno.EISDIR : Errno.EINVAL);
        }

        if (change.Size > FileBytes)
        {
            throw new FileException(Errno.EFBIG);
        }

        var inode = Own(node);
        var now = Now;
        if (change.Size < before.Size)
        {
            Cut(inode, change.Size.Value);
        }

        inode.Node = before with
        {
            Mode = change.Mode ?? before.Mode,
            Uid = change.Uid ?? before.Uid,
            Gid = change.Gid ?? before.Gid,
            Size = change.Size ?? before.Size,
            Accessed = change.Accessed ?? before.Accessed,
            Modified = change.Modified ?? (change.Size is null ? before.Modified : now),
            Changed = now,
        };
        return new(inode.Node);
    }

    /// <inheritdoc/>
    public ValueTask<ReadOnlyMemory<byte>> ReadAsync(long node, long offset, int count)
    {
        var inode = Find(node);
        var content = inode.Content ?? throw new FileException(inode.Node.IsDirectory ? Errno.EISDIR : Errno.EINVAL);
        var length = (int)Math.Clamp(inode.Node.Size - offset, 0, count);
        Touch(inode);
        return new(length == 0 ? ReadOnlyMemory<byte>.Empty : content.Read(offset, length));
    }

    /// <inheritdoc/>
    public ValueTask<long> WriteAsync(long node, long? offset, ReadOnlyMemory<byte> bytes)
    {
        var inode = Find(node);
        var content = inode.Content ?? throw new FileException(inode.Node.IsDirectory ? Errno.EISDIR : Errno.EINVAL);
        var start = offset ?? inode.Node.Size;
        if (start + bytes.Length > FileBytes)
        {
            throw new FileException(Errno.EFBIG);
        }

        // A file of the image comes into this layer whole, as overlayfs copies it up.
        var more = IsOwn(node) ? content.Missing(start, bytes.Length) : content.Count + content.Missing(start, bytes.Length);
        RequireRoom(nodes: 0, more);
        inode = Own(node);
        var before = inode.Content!.Count;
        inode.Content.Write(start, bytes.Span);
        usedBlocks += inode.Content.Count - before;
        NotePieces(inode, start, bytes.Length);
        var now = Now;
        inode.Node = inode.Node with { Size = Math.Max(inode.Node.Size, start + bytes.Length), Modified = now, Changed = now };
        return new(start + bytes.Length);
    }

    /// <inheritdoc/>
    public ValueTask HoldAsync(long node)
    {
        holds ??= [];
        holds[node] = holds.GetValueOrDefault(node) + 1;
        return default;
    }

    /// <inheritdoc/>
    public ValueTask ReleaseAsync(long node)
    {
        if (holds is null || !holds.TryGetValue(node, out var count))
        {
            return default;
        }

        if (count > 1)
        {
            holds[node] = count - 1;
            return default;
        }

        holds.Remove(node);
        if (changed?.GetValueOrDefault(node) is { Node.Links: 0 } inode)
        {
            Forget(inode);
            nameless--;
        }

        return default;
    }

    /// <inheritdoc/>
    public ValueTask FlushAsync() => default;

    /// <inheritdoc/>
    public ValueTask<TreeUsage> UsageAsync() => new(new TreeUsage(Capacity, usedBlocks * FileBlocks.BlockBytes, Nodes, usedNodes));
}
