using Orleans.StatefulSets.Workloads.Files;

namespace Orleans.StatefulSets.Grains.Files;

/// <summary>
/// A durable tree, used from wherever. It attaches with its first call; once somebody else excludes it, every call is ESTALE.
/// </summary>
/// <remarks>
/// A silo may go in the middle of a call. What only reads, holds or flushes is asked again; a change whose fate is not known is EIO, and
/// may have happened. What was written before and went with the silo makes the next flush fail with EIO, once, as <c>fsync(2)</c> does.
/// One call carries at most 64 KiB: a larger write is several steps.
/// </remarks>
internal sealed class RemoteTree(IFileTreeGrain grain, AttachRequest attachment, FileTreeOptions options, TimeProvider wall) : IFileTree
{
    private const int MostBytes = 65_536;

    private readonly UnflushedWrites unflushed = new();
    private readonly Lock gate = new();
    private Task<TreeCaller>? attaching;
    private bool isEnded;

    /// <inheritdoc/>
    public long Root => 1;

    /// <inheritdoc/>
    public ValueTask<FileNode> GetAsync(long node) => ReadAsync(caller => grain.Get(caller, node));

    /// <inheritdoc/>
    public async ValueTask<FileNode?> LookUpAsync(long directory, string name) => await ReadAsync(caller => grain.LookUp(caller, directory, name));

    /// <inheritdoc/>
    public async ValueTask<IReadOnlyList<DirectoryEntry>> ListAsync(long directory)
    {
        List<DirectoryEntry> all = [];
        for (var isLast = false; !isLast;)
        {
            var after = all.Count == 0 ? "" : all[^1].Name;
            var portion = await ReadAsync(caller => grain.List(caller, directory, after));
            all.AddRange(portion.Entries);
            isLast = portion.IsLast;
        }

        return all;
    }

    /// <inheritdoc/>
    public ValueTask<FileNode> CreateAsync(long directory, string name, NewNode made) => ChangeAsync(caller => grain.Create(caller, directory, name, made));

    /// <inheritdoc/>
    public ValueTask<FileNode> LinkAsync(long node, long directory, string name) => ChangeAsync(caller => grain.Link(caller, node, directory, name));

    /// <inheritdoc/>
    public async ValueTask RemoveAsync(long directory, string name, bool isDirectory) => await ChangeAsync(caller => grain.Remove(caller, directory, name, isDirectory));

    /// <inheritdoc/>
    public async ValueTask RenameAsync(long directory, string name, long newDirectory, string newName) =>
        await ChangeAsync(caller => grain.Rename(caller, directory, name, newDirectory, newName));

    /// <inheritdoc/>
    public ValueTask<FileNode> ChangeAsync(long node, AttributeChange change) => ChangeAsync(caller => grain.Change(caller, node, change));

    /// <inheritdoc/>
    public async ValueTask<ReadOnlyMemory<byte>> ReadAsync(long node, long offset, int count)
    {
        var first = await ReadPartAsync(node, offset, count);
        if (count <= MostBytes || first.Length < MostBytes)
        {
            return first;
        }

        using var all = new MemoryStream();
        all.Write(first.Span);
        for (var part = first; part.Length == MostBytes && all.Length < count;)
        {
            part = await ReadPartAsync(node, offset + all.Length, (int)(count - all.Length));
            all.Write(part.Span);
        }

        return all.ToArray();
    }

    /// <inheritdoc/>
    public async ValueTask<long> WriteAsync(long node, long? offset, ReadOnlyMemory<byte> bytes)
    {
        long end;
        do
        {
            var (start, part) = (offset, bytes[..Math.Min(bytes.Length, MostBytes)]);
            end = await ChangeAsync(caller => grain.Write(caller, node, start, part));
            bytes = bytes[part.Length..];
            offset = offset is null ? null : end;
        }
        while (bytes.Length > 0);

        return end;
    }

    /// <inheritdoc/>
    public async ValueTask HoldAsync(long node) => await ReadAsync(caller => grain.Hold(caller, node));

    /// <inheritdoc/>
    public async ValueTask ReleaseAsync(long node)
    {
        try
        {
            // Also after its end: of a tree that is shared nothing may stay held.
            var caller = attaching is { IsCompletedSuccessfully: true } attached ? await attached : await AttachedAsync();
            await TreeCalls.AskAsync(() => grain.Release(caller, node), mayRepeat: false, options, wall);
        }
        catch (FileException)
        {
            // Nothing is held for who may not use the tree, or with a silo that went; else it ends with the attachment.
        }
    }

    /// <inheritdoc/>
    public async ValueTask FlushAsync()
    {
        var written = unflushed.Snapshot();
        if (written.Length == 0 || options.Sync == FileSync.Relaxed)
        {
            return;
        }

        var result = await ReadAsync(caller => grain.Flush(caller, written));
        unflushed.Forget(written);
        if (result == FlushResult.Lost)
        {
            throw new FileException(Errno.EIO);
        }
    }

    /// <inheritdoc/>
    public ValueTask<TreeUsage> UsageAsync() => ReadAsync(caller => grain.Usage(caller));

    /// <summary>
    /// Nobody uses it from here any more: every call is ESTALE, and when this returns, none is under way that would attach, and so exclude
    /// whoever uses the tree next.
    /// </summary>
    public async Task EndAsync()
    {
        Task<TreeCaller>? mine;
        lock (gate)
        {
            isEnded = true;
            mine = attaching;
        }

        if (mine is not null)
        {
            await ((Task)mine).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    private ValueTask<ReadOnlyMemory<byte>> ReadPartAsync(long node, long offset, int count) =>
        ReadAsync(caller => grain.Read(caller, node, offset, Math.Min(count, MostBytes)));

    private async ValueTask<T> ReadAsync<T>(Func<TreeCaller, Task<TreeReply<T>>> call)
    {
        var caller = await AttachedAsync();
        return (await TreeCalls.AskAsync(() => call(caller), mayRepeat: true, options, wall)).Value!;
    }

    private async ValueTask<T> ChangeAsync<T>(Func<TreeCaller, Task<TreeReply<T>>> call)
    {
        var caller = await AttachedAsync();
        var reply = await TreeCalls.AskAsync(() => call(caller), mayRepeat: false, options, wall);
        unflushed.Add(reply.Position);
        return reply.Value!;
    }

    // What failed is tried again by the next call.
    private async ValueTask<TreeCaller> AttachedAsync()
    {
        Task<TreeCaller> mine;
        lock (gate)
        {
            mine = isEnded ? throw new FileException(Errno.ESTALE) : attaching ??= AttachAsync();
        }

        try
        {
            return await mine;
        }
        catch (FileException)
        {
            _ = Interlocked.CompareExchange(ref attaching, null, mine);
            throw;
        }
    }

    private async Task<TreeCaller> AttachAsync()
    {
        var reply = await TreeCalls.AskAsync(() => grain.Attach(attachment), mayRepeat: true, options, wall);
        return new TreeCaller(attachment.Holder, reply.Value);
    }
}
