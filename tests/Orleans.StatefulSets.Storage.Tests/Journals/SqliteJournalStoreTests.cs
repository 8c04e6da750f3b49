using Orleans.StatefulSets.Storage.Tests.Directories;

namespace Orleans.StatefulSets.Storage.Tests.Journals;

public sealed class SqliteJournalStoreTests : JournalStoreContract
{
    private readonly TemporaryDirectory directory = new();

    protected override IJournalStore OpenStore() =>
        new SqliteJournalStore(new SqliteJournalOptions { DataDirectory = directory.Path, Journal = "objects" });

    protected override void Clean() => directory.Dispose();
}
