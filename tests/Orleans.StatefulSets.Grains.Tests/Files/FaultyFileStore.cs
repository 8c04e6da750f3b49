using Orleans.StatefulSets.Storage;

namespace Orleans.StatefulSets.Grains.Tests.Files;

/// <summary>A store in memory whose flushes can be made to wait, to fail, or to be lost, at the moment that a test chooses.</summary>
internal sealed class FaultyFileStore(MemoryFileState state) : IFileStore
{
    private readonly MemoryFileStore store = new(state);

    /// <summary>Called before a flush reaches the store; may throw or wait.</summary>
    public Func<TreeFlush, Task> BeforeFlush { get; set; } = _ => Task.CompletedTask;

    /// <summary>Called with what was written, before the caller hears of it; may throw.</summary>
    public Action<TreeFlush> AfterFlush { get; set; } = _ => { };

    /// <summary>Called before blocks are read; may throw or wait.</summary>
    public Func<Task> BeforeRead { get; set; } = () => Task.CompletedTask;

    public int Flushes { get; private set; }

    public Task<TreeHold?> AcquireAsync(string tree, bool create, CancellationToken cancellation) => store.AcquireAsync(tree, create, cancellation);

    public Task<StoredTree?> LoadAsync(TreeHold hold, CancellationToken cancellation) => store.LoadAsync(hold, cancellation);

    public async Task<IReadOnlyList<StoredBlock>?> ReadBlocksAsync(TreeHold hold, long inode, IReadOnlyList<long> indexes, CancellationToken cancellation)
    {
        await BeforeRead();
        return await store.ReadBlocksAsync(hold, inode, indexes, cancellation);
    }

    public async Task<FlushOutcome> FlushAsync(TreeHold hold, TreeFlush flush, CancellationToken cancellation)
    {
        await BeforeFlush(flush);
        var outcome = await store.FlushAsync(hold, flush, cancellation);
        Flushes++;
        AfterFlush(flush);
        return outcome;
    }

    public Task<bool> DeleteAsync(string tree, CancellationToken cancellation) => store.DeleteAsync(tree, cancellation);

    public Task<bool> ExistsAsync(string tree, CancellationToken cancellation) => store.ExistsAsync(tree, cancellation);

    public Task<IReadOnlyList<string>> ListAsync(string after, int most, CancellationToken cancellation) => store.ListAsync(after, most, cancellation);

    public ValueTask DisposeAsync() => store.DisposeAsync();

    public static JournalStorageException Broken(JournalStorageProblem problem = JournalStorageProblem.Unavailable) => new(problem, "it is broken");
}
