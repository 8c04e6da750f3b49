using System.Collections.Concurrent;
using Orleans.StatefulSets.Grains.Journal;
using Orleans.StatefulSets.Server.Options;
using Orleans.StatefulSets.Storage;

namespace Orleans.StatefulSets.Server.Composition;

/// <summary>The journals' stores of this process, each opened once.</summary>
internal sealed class JournalStores(Func<string, IJournalStore> open) : IJournalStores, IAsyncDisposable
{
    private readonly ConcurrentDictionary<string, IJournalStore> stores = new();

    /// <summary>The store of a journal in the storage that was chosen; it is opened by its first call.</summary>
    public static IJournalStore Open(ServerOptions options, string journal) => options.Storage switch
    {
        StorageKind.Memory => new MemoryJournalStore(),
        StorageKind.Postgres => new PostgresJournalStore(
            new PostgresJournalOptions
            {
                ConnectionString = options.ConnectionString!,
                Journal = journal,
                CommandTimeout = options.DatabaseTimeout,
                Patience = options.DatabaseTimeout,
            },
            TimeProvider.System),
        _ => new SqliteJournalStore(new SqliteJournalOptions
        {
            DataDirectory = options.DataDirectory,
            Journal = journal,
            SynchronousFull = options.Synchronous == DurabilityLevel.Full,
        }),
    };

    /// <inheritdoc/>
    public IJournalStore For(string journal) => stores.GetOrAdd(journal, open);

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        foreach (var store in stores.Values)
        {
            await store.DisposeAsync();
        }
    }
}
