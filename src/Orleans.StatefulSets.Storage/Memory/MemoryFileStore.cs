namespace Orleans.StatefulSets.Storage;

/// <summary>Trees that live as long as their state object does: for clusters that nobody needs to keep, and for tests.</summary>
/// <param name="state">Where they are kept; shared with the store that is to take over.</param>
public sealed class MemoryFileStore(MemoryFileState state) : IFileStore
{
    private bool closed;

    /// <inheritdoc/>
    public Task<TreeHold?> AcquireAsync(string tree, bool create, CancellationToken cancellation) => Answer(() => state.Acquire(tree, create), cancellation);

    /// <inheritdoc/>
    public Task<StoredTree?> LoadAsync(TreeHold hold, CancellationToken cancellation) => Answer(() => state.Load(hold), cancellation);

    /// <inheritdoc/>
    public Task<IReadOnlyList<StoredBlock>?> ReadBlocksAsync(TreeHold hold, long inode, IReadOnlyList<long> indexes, CancellationToken cancellation) =>
        Answer(() => state.ReadBlocks(hold, inode, indexes), cancellation);

    /// <inheritdoc/>
    public Task<FlushOutcome> FlushAsync(TreeHold hold, TreeFlush flush, CancellationToken cancellation) => Answer(() => state.Flush(hold, flush), cancellation);

    /// <inheritdoc/>
    public Task<bool> DeleteAsync(string tree, CancellationToken cancellation) => Answer(() => state.Delete(tree), cancellation);

    /// <inheritdoc/>
    public Task<bool> ExistsAsync(string tree, CancellationToken cancellation) => Answer(() => state.Exists(tree), cancellation);

    /// <inheritdoc/>
    public Task<IReadOnlyList<string>> ListAsync(string after, int most, CancellationToken cancellation) => Answer(() => state.List(after, most), cancellation);

    /// <summary>Closes this store; the state stays with whoever else holds it.</summary>
    public ValueTask DisposeAsync()
    {
        closed = true;
        return ValueTask.CompletedTask;
    }

    // Memory answers at once: there is nothing to move off the caller's thread.
    private Task<T> Answer<T>(Func<T> work, CancellationToken cancellation)
    {
        if (cancellation.IsCancellationRequested)
        {
            return Task.FromCanceled<T>(cancellation);
        }

        if (closed)
        {
            return Task.FromException<T>(new JournalStorageException(JournalStorageProblem.Unavailable, "the file store is closed"));
        }

        try
        {
            return Task.FromResult(work());
        }
        catch (JournalStorageException failure)
        {
            return Task.FromException<T>(failure);
        }
    }
}
