using Orleans.StatefulSets.Storage;

namespace Orleans.StatefulSets.Grains.Journal;

/// <summary>This process's way to the stored journals.</summary>
public interface IJournalStores
{
    /// <summary>The store of a journal (<see cref="Journals"/>); the same one for every caller in the process.</summary>
    IJournalStore For(string journal);
}
