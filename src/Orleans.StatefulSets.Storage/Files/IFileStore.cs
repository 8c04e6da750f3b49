namespace Orleans.StatefulSets.Storage;

/// <summary>
/// The tables behind durable trees of files: inodes, names, and contents in blocks. A tree is known by a name such as
/// <c>volume/UID</c>, and written by one holder at a time; whatever is written is one transaction. All failures of the storage itself are
/// <see cref="JournalStorageException"/>.
/// </summary>
/// <remarks>Safe for concurrent calls. No call blocks its caller's thread.</remarks>
public interface IFileStore : IAsyncDisposable
{
    /// <summary>Takes a tree over: advances its epoch by one, so that any earlier holder is fenced.</summary>
    /// <param name="tree">The tree's name.</param>
    /// <param name="create">Whether a tree that is missing is made.</param>
    /// <param name="cancellation">Gives up while the call waits for its turn.</param>
    /// <returns>The hold; null where there is no such tree.</returns>
    Task<TreeHold?> AcquireAsync(string tree, bool create, CancellationToken cancellation);

    /// <summary>All of a tree but the bytes of its blocks, as they are at one moment; null where the holder is fenced.</summary>
    Task<StoredTree?> LoadAsync(TreeHold hold, CancellationToken cancellation);

    /// <summary>Those of a file's blocks that there are, with their bytes, in order; null where the holder is fenced.</summary>
    Task<IReadOnlyList<StoredBlock>?> ReadBlocksAsync(TreeHold hold, long inode, IReadOnlyList<long> indexes, CancellationToken cancellation);

    /// <summary>
    /// Writes all of it or nothing. A caller who gets an exception doesn't know whether it was written, and may write it again: it says how
    /// things are, not what happened to them.
    /// </summary>
    /// <exception cref="JournalStorageException">
    /// <see cref="JournalStorageProblem.DiskFull"/> also where all trees together would take more than the store's bound.
    /// </exception>
    Task<FlushOutcome> FlushAsync(TreeHold hold, TreeFlush flush, CancellationToken cancellation);

    /// <summary>Deletes a tree: its holder is fenced at once, and its rows have gone when this returns.</summary>
    /// <returns>Whether there was one.</returns>
    Task<bool> DeleteAsync(string tree, CancellationToken cancellation);

    /// <summary>Whether there is a tree of that name.</summary>
    Task<bool> ExistsAsync(string tree, CancellationToken cancellation);

    /// <summary>The names of trees in ordinal order, after a name (or <c>""</c>), at most so many.</summary>
    Task<IReadOnlyList<string>> ListAsync(string after, int most, CancellationToken cancellation);
}
