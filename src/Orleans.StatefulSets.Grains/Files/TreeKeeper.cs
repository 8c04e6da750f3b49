using Orleans.StatefulSets.Storage;
using Orleans.StatefulSets.Workloads.Files;

namespace Orleans.StatefulSets.Grains.Files;

/// <summary>
/// One holder of a durable tree, without anything of a grain: takes it over, keeps it in memory, writes what changed. While one flush is
/// under way the next one gathers, which is all the batching there is. For one caller at a time; calls may come between awaits.
/// </summary>
/// <param name="name">The tree's name.</param>
/// <param name="store">Where it is kept.</param>
/// <param name="options">Its bounds.</param>
/// <param name="memory">What all trees of the silo hold.</param>
/// <param name="clock">The simulated clock, for times.</param>
internal sealed class TreeKeeper(string name, IFileStore store, FileTreeOptions options, FileMemory memory, TimeProvider clock)
{
    /// <summary>
    /// Inode numbers that may be given before a flush has told the store of them. The next holder begins so far behind what is stored: a
    /// number that a process got to know and that was lost with a silo never stands for another file.
    /// </summary>
    private const int NumbersAhead = 16_384;

    /// <summary>A call needs two pieces at most. Those of the last calls stay, or they would take from each other what each brought in.</summary>
    private const int PiecesSpared = 4;

    private const int ScarceShare = 8;

    private Task<Opened?>? opening;
    private Opened? opened;
    private TaskCompletionSource<Errno?>? next;
    private long bytesToldOf;
    private bool pumping;
    private bool grown;

    /// <summary>Somebody else holds the tree by now, or it was deleted; nothing that is answered from here on is written.</summary>
    public bool IsFenced { get; private set; }

    /// <summary>Why the last flush failed; null where it did not. Until one succeeds, what needs room in the store is refused.</summary>
    public Errno? Failing { get; private set; }

    /// <summary>What the storage said last that was a failure.</summary>
    public JournalStorageException? Failure { get; private set; }

    /// <summary>The tree. Only once it is open.</summary>
    public DurableTree Tree => Now.Tree;

    /// <summary>Who may use it. Only once it is open.</summary>
    public TreeAttachments Attachments => Now.Attachments;

    /// <summary>How far it has come.</summary>
    public TreePosition Position => new(Now.Hold.Epoch, Tree.Sequence);

    /// <summary>Whether there is anything that no flush has taken.</summary>
    public bool IsDirty => opened is not null && (Tree.IsDirty || Attachments.IsDirty || grown);

    // Whether so much is owed to the store that whoever adds to it should wait.
    private bool IsFull => Tree.DirtyBytes >= Share(options.DirtyBytes) || Tree.DirtyRows >= options.DirtyRows || Tree.Next - Now.StoredNext >= NumbersAhead;

    private Opened Now => opened ?? throw new InvalidOperationException($"the tree {name} is not open");

    /// <summary>Takes the tree over, once; any earlier holder can write no more. What failed is tried again by the next call.</summary>
    /// <returns>False where there is no such tree.</returns>
    /// <exception cref="JournalStorageException">The storage failed.</exception>
    public async ValueTask<bool> OpenAsync(bool create)
    {
        while (opened is null)
        {
            var mine = opening;
            if (mine is null)
            {
                opening = mine = TakeOverAsync(create);
            }

            try
            {
                opened ??= await mine;
            }
            finally
            {
                opening = opening == mine ? null : opening;
            }

            if (opened is null && !create)
            {
                return false;
            }
        }

        return true;
    }

    /// <summary>Lets more bytes fit. A volume may grow, and never shrinks.</summary>
    public void Grow(long capacity)
    {
        if (capacity > Tree.Capacity)
        {
            (Tree.Capacity, grown) = (capacity, true);
        }
    }

    /// <summary>Does one thing that a call needs. When it has nothing more to do, the call is to be made before anything else runs.</summary>
    /// <returns>Whether it waited, and everything is to be looked at again.</returns>
    /// <exception cref="FileException">The store took nothing the last time, and the call would add to what it is owed.</exception>
    /// <exception cref="JournalStorageException">The storage failed, or does not have what it should.</exception>
    public async ValueTask<bool> MakeReadyAsync(TreeNeeds needs)
    {
        if (needs.Grows && Failing is { } failing)
        {
            throw new FileException(failing);
        }

        if (needs.Writes && IsFull && Failing is null)
        {
            await FlushAsync();
            return true;
        }

        var offset = needs.ToEnd ? (await Tree.Files.GetAsync(needs.Node)).Size : needs.Offset;
        if (needs.Node != 0 && Tree.Away(needs.Node, offset, needs.Count) is { Count: > 0 } away)
        {
            await BringAsync(needs.Node, away);
            return true;
        }

        return false;
    }

    /// <summary>Returns when everything that was changed before is in the store.</summary>
    /// <returns>Null, or why it is not.</returns>
    public Task<Errno?> FlushAsync()
    {
        if (!pumping && (IsFenced || !IsDirty))
        {
            return Task.FromResult<Errno?>(IsFenced ? Errno.EIO : null);
        }

        var joined = next ??= new TaskCompletionSource<Errno?>(TaskCreationOptions.RunContinuationsAsynchronously);
        if (!pumping)
        {
            pumping = true;
            _ = PumpAsync();
        }

        return joined.Task;
    }

    /// <summary>Whether what an earlier holder acknowledged is in the store.</summary>
    public bool IsStored(TreePosition past) => past.Epoch == Now.WrittenBefore.Epoch && past.Sequence <= Now.WrittenBefore.Sequence;

    /// <summary>The tree leaves memory.</summary>
    public void Close()
    {
        memory.Add(-bytesToldOf);
        bytesToldOf = 0;
    }

    /// <summary>Deletes the tree with all that is in it.</summary>
    /// <exception cref="JournalStorageException">The storage failed.</exception>
    public async Task DeleteAsync()
    {
        IsFenced = true;
        await store.DeleteAsync(name, CancellationToken.None);
    }

    private async Task BringAsync(long node, IReadOnlyList<long> pieces)
    {
        var drops = Tree.Drops;
        var blocks = await store.ReadBlocksAsync(Now.Hold, node, pieces, CancellationToken.None);
        if (blocks is null)
        {
            IsFenced = true;
            return;
        }

        // Bytes may have been brought in, changed, written and dropped since the store was read: then these are old.
        if (drops != Tree.Drops)
        {
            return;
        }

        foreach (var block in blocks)
        {
            Tree.Bring(TreeRows.Piece(block));
        }

        if (pieces.Any(piece => Tree.IsAway(node, piece)))
        {
            throw new JournalStorageException(JournalStorageProblem.Corrupt, $"the files of {name} are damaged: contents of inode {node} are missing");
        }

        Shrink();
    }

    private async Task<Opened?> TakeOverAsync(bool create)
    {
        if (await store.AcquireAsync(name, create, CancellationToken.None) is not { } hold)
        {
            return null;
        }

        var stored = await store.LoadAsync(hold, CancellationToken.None)
            ?? throw new JournalStorageException(JournalStorageProblem.Unavailable, $"the files of {name} were taken over while they were read");
        try
        {
            var contents = TreeRows.Contents(stored);
            var tree = new DurableTree(contents with { Next = contents.Next == 0 ? 0 : contents.Next + NumbersAhead }, stored.Header.Capacity, options.FileBytes, clock);
            return new Opened(hold, tree, new TreeAttachments(stored, node => tree.Files.ReleaseAsync(node).GetAwaiter().GetResult()))
            {
                WrittenBefore = new TreePosition(stored.WrittenBy, stored.Header.Sequence),
                StoredNext = tree.Next,
            };
        }
        catch (InvalidDataException damage)
        {
            throw new JournalStorageException(JournalStorageProblem.Corrupt, $"the files of {name} are damaged: {damage.Message}", damage);
        }
    }

    private void Shrink()
    {
        Tree.Shrink(Share(options.CachedBytes), PiecesSpared);
        memory.Add(Tree.BytesPresent - bytesToldOf);
        bytesToldOf = Tree.BytesPresent;
    }

    private long Share(long bytes) => memory.IsScarce ? bytes / ScarceShare : bytes;

    private async Task PumpAsync()
    {
        while (next is not null)
        {
            // What has arrived by now joins in, also where the store answers before it returns.
            await Task.Yield();
            var waiting = next;
            next = null;
            Failing = IsFenced ? Errno.EIO : await WriteAsync();
            waiting.SetResult(Failing);
        }

        pumping = false;
    }

    private async Task<Errno?> WriteAsync()
    {
        if (!IsDirty)
        {
            return null;
        }

        var (changes, attachments, hadGrown) = (Tree.Take(), Attachments.Take(), grown);
        grown = false;
        try
        {
            if (await store.FlushAsync(Now.Hold, TreeRows.Flush(changes, attachments, Tree.Capacity), CancellationToken.None) == FlushOutcome.Fenced)
            {
                IsFenced = true;
                return Errno.EIO;
            }

            Tree.Landed();
            Now.StoredNext = changes.Next;
            Shrink();
            return null;
        }
        catch (JournalStorageException failure)
        {
            // Whether it was written or not: what is written again does no harm.
            Tree.Failed(changes);
            Attachments.Failed(attachments);
            grown |= hadGrown;
            Failure = failure;
            return StorageErrno.Of(failure);
        }
    }

    private sealed class Opened(TreeHold hold, DurableTree tree, TreeAttachments attachments)
    {
        public TreeHold Hold => hold;

        public DurableTree Tree => tree;

        public TreeAttachments Attachments => attachments;

        public required TreePosition WrittenBefore { get; init; }

        public required long StoredNext { get; set; }
    }
}
