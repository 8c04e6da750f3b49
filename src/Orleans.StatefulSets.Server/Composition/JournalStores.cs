using System.Collections.Concurrent;
using Orleans.StatefulSets.Grains.Journal;
using Orleans.StatefulSets.Storage;

namespace Orleans.StatefulSets.Server.Composition;

/// <summary>The journals' stores of this process, each opened once.</summary>
internal sealed class JournalStores(Func<string, IJournalStore> open) : IJournalStores, IAsyncDisposable
{
    private readonly ConcurrentDictionary<string, IJournalStore> stores = new();

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
