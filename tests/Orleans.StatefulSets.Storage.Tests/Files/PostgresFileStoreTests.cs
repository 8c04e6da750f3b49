using Orleans.StatefulSets.Storage.Tests.Postgres;

namespace Orleans.StatefulSets.Storage.Tests.Files;

[Collection(PostgresCollection.Name)]
public sealed class PostgresFileStoreTests(SharedPostgres postgres) : FileStoreContract
{
    private string connectionString = "";

    public override async Task InitializeAsync() => connectionString = await (await postgres.StartedAsync()).CreateDatabaseAsync();

    protected override IFileStore OpenStore(long maxBytes) =>
        new PostgresFileStore(new PostgresFileOptions { ConnectionString = connectionString, MaxBytes = maxBytes }, TimeProvider.System);

    protected override async Task<long> CountRowsAsync()
    {
        long rows = 0;
        foreach (var table in (string[])["trees", "attachments", "inodes", "names", "blocks", "doomed"])
        {
            rows += (long)(await PostgresServer.ExecuteAsync(connectionString, $"SELECT count(*) FROM file_{table}"))!;
        }

        return rows;
    }
}
