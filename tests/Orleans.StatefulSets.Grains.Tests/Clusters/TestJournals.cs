using System.Collections.Concurrent;
using Orleans.StatefulSets.Grains.Journal;
using Orleans.StatefulSets.Storage;

namespace Orleans.StatefulSets.Grains.Tests.Clusters;

/// <summary>What the silos of one cluster share, as they would share a database.</summary>
internal sealed class TestJournals
{
    private readonly ConcurrentDictionary<string, MemoryJournalState> states = new();

    public MemoryJournalState State(string journal) => states.GetOrAdd(journal, _ => new MemoryJournalState());

    /// <summary>One silo's way to them.</summary>
    public IJournalStores Stores() => new SiloStores(this);

    private sealed class SiloStores(TestJournals journals) : IJournalStores
    {
        private readonly ConcurrentDictionary<string, IJournalStore> stores = new();

        public IJournalStore For(string journal) => stores.GetOrAdd(journal, name => new MemoryJournalStore(journals.State(name)));
    }
}
