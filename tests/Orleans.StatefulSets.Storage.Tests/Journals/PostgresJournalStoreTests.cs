using Orleans.StatefulSets.Storage.Tests.Postgres;

namespace Orleans.StatefulSets.Storage.Tests.Journals;

[Collection(PostgresCollection.Name)]
public sealed class PostgresJournalStoreTests(SharedPostgres postgres) : JournalStoreContract
{
    private string connectionString = "";

    public override async Task InitializeAsync() => connectionString = await (await postgres.StartedAsync()).CreateDatabaseAsync();

    protected override IJournalStore OpenStore() =>
        new PostgresJournalStore(new PostgresJournalOptions { ConnectionString = connectionString, Journal = "objects" }, TimeProvider.System);
}
