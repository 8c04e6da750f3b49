using System.Text.RegularExpressions;
using Orleans.StatefulSets.Grains.Chance;
using Orleans.StatefulSets.Grains.Journal;
using Orleans.StatefulSets.Server.Composition;
using Orleans.StatefulSets.Server.Transfer;
using Orleans.StatefulSets.Storage;

namespace Orleans.StatefulSets.Server.Tests.Transfer;

public sealed class RoundTripTests
{
    [Fact]
    public async Task With_uids_kept_an_imported_cluster_is_exported_as_the_same_text_but_for_versions()
    {
        await using var stores = Cluster.Empty();
        await Cluster.ImportAsync(stores, Cluster.Golden, keepUids: true);

        Assert.Equal(Cluster.WithoutVersions(Cluster.Golden), Cluster.WithoutVersions(await Cluster.ExportAsync(stores)));
    }

    [Fact]
    public async Task With_new_uids_only_they_differ_and_each_stands_wherever_the_old_one_stood()
    {
        await using var stores = Cluster.Empty();
        await Cluster.ImportAsync(stores, Cluster.Golden, keepUids: false);
        var exported = Cluster.WithoutVersions(await Cluster.ExportAsync(stores));

        var before = Cluster.WithNumberedUids(Cluster.WithoutVersions(Cluster.Golden), out var uids);
        Assert.Equal(before, Cluster.WithNumberedUids(exported, out var uidsAfter));
        Assert.Equal((uids, true), (uidsAfter, uids > 60));
        Assert.Empty((await Cluster.ReadAsync(Cluster.Golden)).Select(item => item.Uid).Intersect((await Cluster.ReadAsync(exported)).Select(item => item.Uid)));
    }

    [Fact]
    public async Task A_uid_of_nothing_in_the_stream_and_what_users_wrote_stay_as_they_are()
    {
        const string uid = "11111111-1111-4111-8111-111111111111";
        const string gone = "22222222-2222-4222-8222-222222222222";
        var renamed = ImportCommand.Rename(await Cluster.ReadAsync($$"""
            apiVersion: v1
            kind: ConfigMap
            metadata:
              name: a
              namespace: default
              uid: {{uid}}
              labels: {uid: {{uid}}}
              ownerReferences:
              - {apiVersion: v1, kind: Pod, name: gone, uid: {{gone}}}
              - {apiVersion: v1, kind: ConfigMap, name: a, uid: {{uid}}}
              managedFields:
              - {manager: m, operation: Update, apiVersion: v1, fieldsType: FieldsV1, fieldsV1: {'f:metadata': {'f:ownerReferences': {'k:{"uid":"{{uid}}"}': {}, 'k:{"uid":"{{gone}}"}': {} } } } }
            data: {uid: {{uid}}}
            """), new SeededIdentitySource(3))[0];

        var payload = System.Text.Encoding.UTF8.GetString(renamed.Payload.Span);
        Assert.NotEqual(uid, renamed.Uid);
        Assert.Equal(3, Regex.Count(payload, renamed.Uid));
        Assert.Contains("{\"k:{\\\"uid\\\":\\\"" + renamed.Uid + "\\\"}\":{},\"k:{\\\"uid\\\":\\\"" + gone + "\\\"}\":{}}", payload, StringComparison.Ordinal);
        Assert.Contains($"\"data\":{{\"uid\":\"{uid}\"}}", payload, StringComparison.Ordinal);
        Assert.Contains($"\"labels\":{{\"uid\":\"{uid}\"}}", payload, StringComparison.Ordinal);
        Assert.Equal(2, Regex.Count(payload, gone));
    }

    [Fact]
    public async Task A_storage_that_holds_a_cluster_is_refused_and_keeps_it()
    {
        await using var stores = Cluster.Empty();
        await Cluster.ImportAsync(stores, Cluster.Golden, keepUids: true);
        var before = await Cluster.ExportAsync(stores);

        var refusal = await Assert.ThrowsAsync<TransferException>(() => Cluster.ImportAsync(stores, Cluster.Golden, keepUids: false));

        Assert.Equal("there is a cluster in memory already; import into an empty one", refusal.Message);
        Assert.Equal(before, await Cluster.ExportAsync(stores));
    }

    [Fact]
    public async Task Where_the_objects_cannot_be_written_nothing_is_left_and_the_next_import_works()
    {
        var objects = new MemoryJournalState();
        var events = new MemoryJournalState();
        await using var broken = new JournalStores(name => name == Journals.Objects ? new FullStore(objects) : new MemoryJournalStore(events));
        await Assert.ThrowsAsync<JournalStorageException>(() => Cluster.ImportAsync(broken, Cluster.Golden, keepUids: true));

        await using var mended = new JournalStores(name => new MemoryJournalStore(name == Journals.Objects ? objects : events));
        Assert.Equal("", await Cluster.ExportAsync(mended));
        await Cluster.ImportAsync(mended, Cluster.Golden, keepUids: true);
        Assert.Equal(Cluster.WithoutVersions(Cluster.Golden), Cluster.WithoutVersions(await Cluster.ExportAsync(mended)));
    }

    /// <summary>A store whose disk is full.</summary>
    private sealed class FullStore(MemoryJournalState state) : IJournalStore
    {
        private readonly MemoryJournalStore inner = new(state);

        public Task<JournalHead> AcquireAsync(CancellationToken cancellation) => inner.AcquireAsync(cancellation);

        public Task<AppendOutcome> AppendAsync(JournalHead expected, long newHead, IReadOnlyList<JournalRecord> records, CancellationToken cancellation) =>
            throw new JournalStorageException(JournalStorageProblem.DiskFull, "no space is left");

        public Task<JournalHead> ReadHeadAsync(CancellationToken cancellation) => inner.ReadHeadAsync(cancellation);

        public IAsyncEnumerable<JournalRecord> ReadLiveAsync(bool keysOnly, CancellationToken cancellation) => inner.ReadLiveAsync(keysOnly, cancellation);

        public Task<IReadOnlyList<JournalRecord>?> ReadChangesAsync(long after, int maxBytes, CancellationToken cancellation) => inner.ReadChangesAsync(after, maxBytes, cancellation);

        public Task<int> TrimAsync(long upTo, int maxRows, CancellationToken cancellation) => inner.TrimAsync(upTo, maxRows, cancellation);

        public ValueTask DisposeAsync() => inner.DisposeAsync();
    }
}
