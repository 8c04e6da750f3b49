using Microsoft.Data.Sqlite;
using Orleans.StatefulSets.Storage.Tests.Directories;

namespace Orleans.StatefulSets.Storage.Tests.Files;

public sealed class SqliteFileStoreTests : FileStoreContract
{
    private readonly TemporaryDirectory directory = new();

    protected override IFileStore OpenStore(long maxBytes) => new SqliteFileStore(new SqliteFileOptions { DataDirectory = directory.Path, MaxBytes = maxBytes });

    protected override Task<long> CountRowsAsync()
    {
        using var connection = new SqliteConnection($"Data Source={directory.File("files.db")};Pooling=False");
        connection.Open();
        return Task.FromResult(((string[])["trees", "attachments", "inodes", "names", "blocks", "doomed"]).Sum(table => connection.ReadNumber($"SELECT count(*) FROM {table}")));
    }

    protected override void Clean() => directory.Dispose();
}
