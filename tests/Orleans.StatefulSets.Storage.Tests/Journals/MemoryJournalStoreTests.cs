namespace Orleans.StatefulSets.Storage.Tests.Journals;

public sealed class MemoryJournalStoreTests : JournalStoreContract
{
    private readonly MemoryJournalState state = new();

    protected override IJournalStore OpenStore() => new MemoryJournalStore(state);
}
