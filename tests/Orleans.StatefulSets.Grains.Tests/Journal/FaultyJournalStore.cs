using Orleans.StatefulSets.Storage;

namespace Orleans.StatefulSets.Grains.Tests.Journal;

/// <summary>A store in memory whose appends can be made to fail, or to be overtaken, at the moment that a test chooses.</summary>
internal sealed class FaultyJournalStore(MemoryJournalState state) : IJournalStore
{
    private readonly MemoryJournalStore store = new(state);

    /// <summary>Called before an append reaches the store; may throw.</summary>
    public Action BeforeAppend { get; set; } = () => { };

    /// <summary>What happens in the database while an append is on its way to it.</summary>
    public Func<Task> Meanwhile { get; set; } = () => Task.CompletedTask;

    /// <summary>Called with what was appended, before the caller hears of it; may throw.</summary>
    public Action<JournalHead, long, IReadOnlyList<JournalRecord>> AfterAppend { get; set; } = (_, _, _) => { };

    /// <summary>Called before the head is read; may throw.</summary>
    public Action BeforeReadHead { get; set; } = () => { };

    public Task<JournalHead> AcquireAsync(CancellationToken cancellation) => store.AcquireAsync(cancellation);

    public async Task<AppendOutcome> AppendAsync(JournalHead expected, long newHead, IReadOnlyList<JournalRecord> records, CancellationToken cancellation)
    {
        await Meanwhile();
        BeforeAppend();
        var outcome = await store.AppendAsync(expected, newHead, records, cancellation);
        if (outcome == AppendOutcome.Appended)
        {
            AfterAppend(expected, newHead, records);
        }

        return outcome;
    }

    public Task<JournalHead> ReadHeadAsync(CancellationToken cancellation)
    {
        BeforeReadHead();
        return store.ReadHeadAsync(cancellation);
    }

    public IAsyncEnumerable<JournalRecord> ReadLiveAsync(bool keysOnly, CancellationToken cancellation) => store.ReadLiveAsync(keysOnly, cancellation);

    public Task<IReadOnlyList<JournalRecord>?> ReadChangesAsync(long after, int maxBytes, CancellationToken cancellation) =>
        store.ReadChangesAsync(after, maxBytes, cancellation);

    public Task<int> TrimAsync(long upTo, int maxRows, CancellationToken cancellation) => store.TrimAsync(upTo, maxRows, cancellation);

    public ValueTask DisposeAsync() => store.DisposeAsync();

    public static JournalStorageException Broken() => new(JournalStorageProblem.DiskFull, "no space is left");
}
