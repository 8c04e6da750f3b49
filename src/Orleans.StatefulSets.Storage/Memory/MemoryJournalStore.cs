using System.Runtime.CompilerServices;

namespace Orleans.StatefulSets.Storage;

/// <summary>A journal that lives as long as its state object does: for clusters that nobody needs to keep, and for tests.</summary>
/// <param name="state">Where it is kept; shared with the store that is to take over.</param>
public sealed class MemoryJournalStore(MemoryJournalState state) : IJournalStore
{
    private bool closed;

    /// <summary>A journal of its own.</summary>
    public MemoryJournalStore()
        : this(new MemoryJournalState())
    {
    }

    /// <inheritdoc/>
    public Task<JournalHead> AcquireAsync(CancellationToken cancellation) => Answer(() => state.Acquire(), cancellation);

    /// <inheritdoc/>
    public Task<AppendOutcome> AppendAsync(
        JournalHead expected, long newHead, IReadOnlyList<JournalRecord> records, CancellationToken cancellation)
    {
        JournalBatch.Validate(expected, newHead, records);
        return Answer(() => state.Append(expected, newHead, records), cancellation);
    }

    /// <inheritdoc/>
    public Task<JournalHead> ReadHeadAsync(CancellationToken cancellation) => Answer(() => state.ReadHead(), cancellation);

    /// <inheritdoc/>
    public async IAsyncEnumerable<JournalRecord> ReadLiveAsync(bool keysOnly, [EnumeratorCancellation] CancellationToken cancellation)
    {
        foreach (var record in await Answer(() => state.ReadLive(), cancellation))
        {
            cancellation.ThrowIfCancellationRequested();
            yield return keysOnly ? record with { Payload = ReadOnlyMemory<byte>.Empty } : record;
        }
    }

    /// <inheritdoc/>
    public Task<IReadOnlyList<JournalRecord>?> ReadChangesAsync(long after, int maxBytes, CancellationToken cancellation) =>
        Answer(() => state.ReadChanges(after, maxBytes), cancellation);

    /// <inheritdoc/>
    public Task<int> TrimAsync(long upTo, int maxRows, CancellationToken cancellation) =>
        Answer(() => state.Trim(upTo, maxRows), cancellation);

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

        return closed
            ? Task.FromException<T>(new JournalStorageException(JournalStorageProblem.Unavailable, "the journal is closed"))
            : Task.FromResult(work());
    }
}
