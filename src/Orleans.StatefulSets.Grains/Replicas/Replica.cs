using k8s.Models;
using Orleans.StatefulSets.Grains.Journal;
using Orleans.StatefulSets.Resources.Errors;
using Orleans.StatefulSets.Resources.Kinds;
using Orleans.StatefulSets.Resources.Objects;
using Orleans.StatefulSets.Resources.Writing;

namespace Orleans.StatefulSets.Grains.Replicas;

/// <summary>
/// This process's copy of a journal. One feed applies slices; everybody else reads. Readers of tables take an immutable root and
/// need no lock; watches and waits are registered under one.
/// </summary>
internal sealed class Replica(JournalOptions bounds, Func<CancellationToken, Task<long>> confirmHead, TimeProvider wall) : IReplica, IClusterView
{
    private readonly Lock gate = new();
    private readonly ChangeRing ring = new(bounds.ReplicaRingBytes);
    private readonly Dictionary<string, Watched> watches = [];
    private readonly RememberedTables remembered = new(bounds.ListBytes);
    private readonly HeadHistory heads = new(bounds.ListsLast, wall);
    private readonly TaskCompletionSource loaded = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly HeadConfirmation head = new(confirmHead, bounds, wall);
    private readonly FollowedVersion followed = new();
    private long blindUntil;
    private volatile Root root = new(0, ResourceKinds.All.ToDictionary(kind => kind.Resource, _ => ObjectTable.Empty));

    /// <summary>Called in the feed, in the order of the commits, with every change.</summary>
    public event Action<ObjectChange>? Applied;

    /// <inheritdoc/>
    public long Head => root.Version;

    /// <summary>The version that the indexes have come to: at most <see cref="Head"/>.</summary>
    public long Followed => followed.Value;

    /// <summary>Completes when the copy has been filled for the first time.</summary>
    public Task Loaded => loaded.Task;

    /// <inheritdoc/>
    public StoredObject? Find(ObjectKey key) =>
        root.Tables.TryGetValue(key.Resource, out var table) ? table.Find(key.Namespace, key.Name) : null;

    /// <inheritdoc/>
    public IEnumerable<StoredObject> List(string resource, string? @namespace) => TakeSnapshot(resource).List(@namespace);

    /// <inheritdoc/>
    public ReplicaSnapshot Snapshot(string resource)
    {
        var now = root;
        return new TableSnapshot(now.Tables[resource], now.Version);
    }

    /// <inheritdoc/>
    public ReplicaSnapshot? SnapshotAt(string resource, long resourceVersion)
    {
        var now = root;
        if (now.Version == resourceVersion)
        {
            return new TableSnapshot(now.Tables[resource], resourceVersion);
        }

        return resourceVersion < heads.Forgotten() ? null
            : (remembered.Find(resource, resourceVersion) ?? Reconstruct(resource, resourceVersion)) is { } table ? new TableSnapshot(table, resourceVersion)
            : null;
    }

    /// <inheritdoc/>
    public void Remember(string resource, ReplicaSnapshot snapshot)
    {
        if (snapshot is TableSnapshot { Table: var table })
        {
            remembered.Add(resource, snapshot.ResourceVersion, table);
            remembered.Trim(heads.Forgotten(), root.Tables);
        }
    }

    /// <inheritdoc/>
    public async Task WaitForHeadAsync(CancellationToken cancellation)
    {
        await followed.ReachesAsync(await head.ConfirmAsync().WaitAsync(cancellation), Timeout.InfiniteTimeSpan, cancellation);
    }

    /// <inheritdoc/>
    public Task<TimeSpan?> CatchUpAsync(CancellationToken cancellation) => head.TryAsync(WaitForHeadAsync(cancellation), cancellation);

    /// <inheritdoc/>
    public async Task WaitForVersionAsync(long resourceVersion, TimeSpan timeout, CancellationToken cancellation)
    {
        try
        {
            await followed.ReachesAsync(resourceVersion, timeout, cancellation);
        }
        catch (TimeoutException)
        {
            throw ApiErrors.Timeout(
                $"Too large resource version: {resourceVersion}, current: {Head}",
                new V1StatusCause { Reason = "ResourceVersionTooLarge", Message = "Too large resource version" });
        }
    }

    /// <summary>The change at a version that this copy has followed to; null where it is not remembered.</summary>
    public ObjectChange? ChangeAt(long version)
    {
        lock (gate)
        {
            return ring.After(version - 1).Cast<ObjectChange?>().FirstOrDefault(change => change!.Value.Object.ResourceVersion == version);
        }
    }

    /// <inheritdoc/>
    public IReplicaWatch Watch(string resource, string? @namespace, long after)
    {
        lock (gate)
        {
            if (after < ReachesBackTo)
            {
                throw ApiErrors.Expired($"too old resource version: {after} ({ReachesBackTo})");
            }

            if (!watches.TryGetValue(resource, out var watched))
            {
                watches[resource] = watched = new Watched(new ChangeChain(), []);
            }

            var backlog = ring.After(after).Where(change => change.Object.Key.Resource == resource);
            var watch = new ReplicaWatch(@namespace, bounds, backlog, (watched.Chain.Tail, root.Version), closed => Unregister(resource, closed));
            watched.List.Add(watch);
            return watch;
        }
    }

    /// <summary>Called in the feed, now and then.</summary>
    internal void Refresh() => head.Refresh();

    /// <summary>Fills the copy anew; whoever watched before has missed something and is ended.</summary>
    /// <param name="objects">All objects, read at some moment.</param>
    /// <param name="version">The newest version among them, or a head from before they were read.</param>
    /// <param name="settled">
    /// A head from after they were read. What was deleted up to it may be missing already, so that its deletion is no change of this copy:
    /// nobody can watch from before it.
    /// </param>
    internal void Load(IReadOnlyCollection<StoredObject> objects, long version, long settled = 0)
    {
        var before = root;
        lock (gate)
        {
            foreach (var watch in watches.Values.SelectMany(watched => watched.List))
            {
                watch.End();
            }

            watches.Clear();
            blindUntil = settled;
            ring.Reset(version);
            remembered.Clear();
            var tables = ResourceKinds.All.ToDictionary(kind => kind.Resource, _ => ObjectTable.Empty);
            foreach (var group in objects.GroupBy(item => item.Key.Resource))
            {
                tables[group.Key] = group.OrderBy(item => item.Key.Namespace, StringComparer.Ordinal).ThenBy(item => item.Key.Name, StringComparer.Ordinal)
                    .Aggregate(ObjectTable.Empty, (table, item) => table.With(item));
            }

            root = new Root(version, tables);
        }

        foreach (var gone in before.Tables.Values.SelectMany(table => table.After("", "")).Where(item => Find(item.Key)?.Uid != item.Uid))
        {
            Applied?.Invoke(new ObjectChange(ChangeType.Deleted, gone, gone));
        }

        foreach (var item in objects)
        {
            item.KeepModel();
            Applied?.Invoke(new ObjectChange(ChangeType.Added, item, null));
            item.ReleaseModel();
        }

        followed.Advance(version);
        Settle();
    }

    /// <summary>Applies what the journal published, in order.</summary>
    internal void Apply(JournalSlice slice)
    {
        List<ObjectChange> changes = new(slice.Revisions.Length);

        // What came from another process is decoded here, once for all that look at it; the ring lets the model go with the change.
        foreach (var revision in slice.Revisions.Where(revision => Applied is not null && revision.Object.ResourceVersion > root.Version && root.Tables.ContainsKey(revision.Object.Key.Resource)))
        {
            revision.Object.KeepModel();
        }

        lock (gate)
        {
            var tables = new Dictionary<string, ObjectTable>(root.Tables);
            foreach (var revision in slice.Revisions)
            {
                // A slice that comes twice must not bring back what it deleted itself.
                if (revision.Object.ResourceVersion > root.Version && Apply(tables, revision) is { } change)
                {
                    changes.Add(change);
                }
            }

            // The tables first: whoever is told of a change must find it there.
            root = new Root(Math.Max(root.Version, slice.Head), tables);
            changes.ForEach(Dispatch);
            foreach (var watch in watches.Values.SelectMany(watched => watched.List))
            {
                watch.Follow(root.Version);
            }
        }

        changes.ForEach(change => Applied?.Invoke(change));
        followed.Advance(slice.Head);
        Settle();
        heads.Note(root.Version);
        if (!remembered.IsEmpty)
        {
            remembered.Trim(heads.Forgotten(), root.Tables);
        }
    }

    private long ReachesBackTo => Math.Max(ring.ReachesBackTo, blindUntil);

    private void Settle()
    {
        if (root.Version >= blindUntil)
        {
            loaded.TrySetResult();
        }
    }

    private static ObjectChange? Apply(Dictionary<string, ObjectTable> tables, PublishedRevision revision)
    {
        var item = revision.Object;
        if (!tables.TryGetValue(item.Key.Resource, out var table))
        {
            return null;
        }

        var previous = table.Find(item.Key.Namespace, item.Key.Name);
        if (previous?.ResourceVersion >= item.ResourceVersion)
        {
            return null;
        }

        if (!revision.Deleted)
        {
            tables[item.Key.Resource] = table.With(item);
            return new ObjectChange(previous is null ? ChangeType.Added : ChangeType.Modified, item, previous);
        }

        tables[item.Key.Resource] = table.Without(item.Key.Namespace, item.Key.Name);
        return previous is null ? null : new ObjectChange(ChangeType.Deleted, item, previous);
    }

    private void Dispatch(ObjectChange change)
    {
        ring.Add(change);
        if (watches.TryGetValue(change.Object.Key.Resource, out var watched))
        {
            var link = watched.Chain.Add(change);
            watched.List.ForEach(watch => watch.Offer(link));
        }
    }

    private ReplicaSnapshot TakeSnapshot(string resource)
    {
        var now = root;
        return new TableSnapshot(now.Tables.GetValueOrDefault(resource, ObjectTable.Empty), now.Version);
    }

    // As far back as the ring reaches, what was done since can be undone.
    private ObjectTable? Reconstruct(string resource, long version)
    {
        ObjectTable table;
        List<ObjectChange> since;
        lock (gate)
        {
            if (version < ReachesBackTo || version > root.Version)
            {
                return null;
            }

            table = root.Tables[resource];
            since = [.. ring.After(version).Where(change => change.Object.Key.Resource == resource)];
        }

        // The first change after the version knows what there was before it.
        HashSet<ObjectKey> undone = [];
        var present = table;
        long restored = 0;
        foreach (var change in since.Where(change => undone.Add(change.Object.Key)))
        {
            table = change.Previous is { } previous ? table.With(previous) : table.Without(change.Object.Key.Namespace, change.Object.Key.Name);
            restored += change.Previous is { } kept ? ObjectTable.Cost(kept) : 0;
        }

        return since.Count == 0 ? present : table.Earlier(Math.Max(0, present.ReplacedBytes - restored));
    }

    private void Unregister(string resource, ReplicaWatch watch)
    {
        lock (gate)
        {
            if (watches.TryGetValue(resource, out var watched) && watched.List.Remove(watch) && watched.List.Count == 0)
            {
                watches.Remove(resource);
            }
        }
    }

    /// <summary>The watches of one resource and the chain that they read.</summary>
    private sealed record Watched(ChangeChain Chain, List<ReplicaWatch> List);

    private sealed record Root(long Version, IReadOnlyDictionary<string, ObjectTable> Tables);
}
