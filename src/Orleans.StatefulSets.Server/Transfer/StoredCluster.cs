using Orleans.StatefulSets.Grains.Journal;
using Orleans.StatefulSets.Resources.Kinds;
using Orleans.StatefulSets.Resources.Objects;
using Orleans.StatefulSets.Server.Composition;
using Orleans.StatefulSets.Server.Options;
using Orleans.StatefulSets.Storage;

namespace Orleans.StatefulSets.Server.Transfer;

/// <summary>Reads a cluster out of the storage of a server that is stopped.</summary>
internal static class StoredCluster
{
    /// <summary>
    /// All objects. Those of the objects' journal are of one moment, as Events are; with PostgreSQL a server may run meanwhile, and the two
    /// moments then differ by the time of the reading.
    /// </summary>
    /// <exception cref="TransferException">There is no cluster.</exception>
    /// <exception cref="JournalStorageException">The storage can't be used: another server has it, say.</exception>
    public static async Task<List<StoredObject>> ReadAsync(ServerOptions options, CancellationToken cancellation)
    {
        // Opened, a folder would be made.
        if (options.Storage == StorageKind.Sqlite && !File.Exists(Path.Combine(options.DataDirectory, Journals.Objects + ".db")))
        {
            throw new TransferException($"there is no cluster in {options.DataDirectory}; choose another folder with --data");
        }

        await using var stores = new JournalStores(name => JournalStores.Open(options, name));
        var objects = await ReadAsync(stores.For(Journals.Objects), cancellation);
        return objects.Count == 0
            ? throw new TransferException($"there is no cluster in {WhereOf(options)}: no server was started with it yet")
            : [.. objects, .. await ReadAsync(stores.For(Journals.Events), cancellation)];
    }

    /// <summary>The storage, as the user knows it; without a password.</summary>
    public static string WhereOf(ServerOptions options) =>
        options.Storage == StorageKind.Postgres ? PostgresAddress.Parse(options.ConnectionString!).Name : options.DataDirectory;

    private static async Task<List<StoredObject>> ReadAsync(IJournalStore store, CancellationToken cancellation)
    {
        var objects = new List<StoredObject>();
        await foreach (var record in store.ReadLiveAsync(keysOnly: false, cancellation))
        {
            var key = ObjectKey.Parse(record.Key);
            objects.Add(ResourceKinds.Find(key.Resource) is not null
                ? new StoredObject(key, record.Uid, record.Revision, record.Payload)
                : throw new TransferException($"{record.Key} is of a kind that this version of the program doesn't know"));
        }

        return objects;
    }
}
