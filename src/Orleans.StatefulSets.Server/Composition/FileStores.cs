using Orleans.StatefulSets.Server.Options;
using Orleans.StatefulSets.Storage;

namespace Orleans.StatefulSets.Server.Composition;

/// <summary>Where the files of volumes and nodes are kept.</summary>
internal static class FileStores
{
    /// <summary>The store in the storage that was chosen; it is opened by its first call.</summary>
    public static IFileStore Open(ServerOptions options) => options.Storage switch
    {
        StorageKind.Memory => new MemoryFileStore(new MemoryFileState(options.MostFilesBytes)),
        StorageKind.Postgres => new PostgresFileStore(
            new PostgresFileOptions
            {
                ConnectionString = options.ConnectionString!,
                CommandTimeout = options.DatabaseTimeout,
                Patience = options.DatabaseTimeout,
                MaxBytes = options.MostFilesBytes,
            },
            TimeProvider.System),
        _ => new SqliteFileStore(new SqliteFileOptions
        {
            DataDirectory = options.DataDirectory,
            SynchronousFull = options.Synchronous == DurabilityLevel.Full,
            MaxBytes = options.MostFilesBytes,
        }),
    };
}
