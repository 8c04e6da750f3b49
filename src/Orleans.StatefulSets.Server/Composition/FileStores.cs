using Orleans.StatefulSets.Server.Options;
using Orleans.StatefulSets.Storage;

namespace Orleans.StatefulSets.Server.Composition;

/// <summary>The store of the files in pods' volumes, in the storage that was chosen.</summary>
internal static class FileStores
{
    /// <summary>The store; it is opened by its first call.</summary>
    public static IFileStore Open(ServerOptions options) => options.Storage switch
    {
        StorageKind.Memory => new MemoryFileStore(new MemoryFileState(options.FilesBytes)),
        StorageKind.Postgres => new PostgresFileStore(
            new PostgresFileOptions
            {
                ConnectionString = options.ConnectionString!,
                CommandTimeout = options.DatabaseTimeout,
                Patience = options.DatabaseTimeout,
                MaxBytes = options.FilesBytes,
            },
            TimeProvider.System),
        _ => new SqliteFileStore(new SqliteFileOptions
        {
            DataDirectory = options.DataDirectory,
            SynchronousFull = options.Synchronous == DurabilityLevel.Full,
            MaxBytes = options.FilesBytes,
        }),
    };
}
