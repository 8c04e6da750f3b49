using Orleans.StatefulSets.Grains.Chance;
using Orleans.StatefulSets.Grains.Journal;
using Orleans.StatefulSets.Resources.Objects;
using Orleans.StatefulSets.Server.Composition;
using Orleans.StatefulSets.Server.Options;
using Orleans.StatefulSets.Storage;

namespace Orleans.StatefulSets.Server.Transfer;

/// <summary>Carries <c>import</c> out.</summary>
internal static class ImportCommand
{
    /// <summary>Reads and checks all, then writes all.</summary>
    /// <returns>What to tell the user.</returns>
    public static async Task<string> RunAsync(ImportOptions options, Stream standardInput, CancellationToken cancellation)
    {
        var identities = new RandomIdentitySource();
        await using var input = options.Input == "-" ? standardInput : Open(options.Input);
        var read = await new ImportReader(identities, TimeProvider.System.GetUtcNow().UtcDateTime, options.KeepUids).ReadAsync(input, cancellation);
        var objects = options.KeepUids ? read : Rename(read, identities);
        await using var stores = new JournalStores(name => JournalStores.Open(options.Storage, name));
        await WriteAsync(objects, stores, identities, StoredCluster.WhereOf(options.Storage), cancellation);
        return $"imported {objects.Count} objects into {StoredCluster.WhereOf(options.Storage)}";
    }

    /// <summary>The objects under new uids.</summary>
    internal static IReadOnlyList<ImportedObject> Rename(IReadOnlyList<ImportedObject> objects, IIdentitySource identities)
    {
        var renamed = objects.ToDictionary(item => item.Uid, _ => identities.NewUid(), StringComparer.Ordinal);
        var renaming = new UidRenaming(renamed);
        return [.. objects.Select(item => item with { Uid = renamed[item.Uid], Payload = renaming.Apply(item.Payload) })];
    }

    /// <summary>
    /// Writes a cluster into empty journals. The two have no transaction in common (with SQLite each is a file), so the objects come last,
    /// in one: they decide. Events without any object are what a broken import left, no cluster, and give way to the next.
    /// </summary>
    /// <exception cref="TransferException">There is a cluster already.</exception>
    internal static async Task WriteAsync(
        IReadOnlyList<ImportedObject> objects, IJournalStores stores, IIdentitySource identities, string where, CancellationToken cancellation)
    {
        var ofObjects = stores.For(Journals.Objects);
        var ofEvents = stores.For(Journals.Events);
        if ((await ofObjects.ReadHeadAsync(cancellation)).Revision > 0)
        {
            throw new TransferException($"there is a cluster in {where} already; import into an empty one");
        }

        var head = await ofObjects.AcquireAsync(cancellation);
        var eventsHead = await RemoveEventsAsync(ofEvents, cancellation);
        var byJournal = objects.ToLookup(item => Journals.Of(item.Key.Resource));
        await AppendAsync(ofEvents, eventsHead, [.. byJournal[Journals.Events]], identities, where);
        try
        {
            await AppendAsync(ofObjects, head, [.. byJournal[Journals.Objects]], identities, where);
        }
        catch
        {
            await RemoveEventsAsync(ofEvents, CancellationToken.None);
            throw;
        }
    }

    private static async Task AppendAsync(IJournalStore store, JournalHead head, IReadOnlyList<ImportedObject> objects, IIdentitySource identities, string where)
    {
        var revision = head.Revision;
        var records = objects.Select(item => new JournalRecord
        {
            Revision = ++revision,
            Key = item.Key.ToString(),
            Uid = item.Uid,
            Deleted = false,
            CommitId = Guid.Parse(identities.NewUid()),
            Payload = item.Payload,
        }).ToList();
        if (await store.AppendAsync(head, revision, records, CancellationToken.None) == AppendOutcome.Fenced)
        {
            throw new TransferException($"another program has begun to write into {where}; nothing was imported");
        }
    }

    private static async Task<JournalHead> RemoveEventsAsync(IJournalStore store, CancellationToken cancellation)
    {
        var head = await store.AcquireAsync(cancellation);
        var deletions = new List<JournalRecord>();
        await foreach (var left in store.ReadLiveAsync(keysOnly: true, cancellation))
        {
            deletions.Add(left with { Revision = head.Revision + deletions.Count + 1, Deleted = true });
        }

        var cleared = head with { Revision = head.Revision + deletions.Count };
        if (deletions.Count > 0)
        {
            await store.AppendAsync(head, cleared.Revision, deletions, cancellation);
        }

        return cleared;
    }

    private static FileStream Open(string path)
    {
        try
        {
            return new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.Read, bufferSize: 1, FileOptions.Asynchronous | FileOptions.SequentialScan);
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            throw new TransferException($"{path} cannot be read: {failure.Message}", failure);
        }
    }
}
