using System.Globalization;
using System.Threading.Channels;
using k8s.Models;
using Orleans.StatefulSets.Grains.Replicas;
using Orleans.StatefulSets.Resources.Errors;
using Orleans.StatefulSets.Resources.Kinds;
using Orleans.StatefulSets.Resources.Objects;

namespace Orleans.StatefulSets.Api.Tests.Cluster;

/// <summary>A replica that is its own journal: a table, a list of all changes, and how many of them are forgotten.</summary>
public sealed class MemoryReplica : IReplica, IReplicas
{
    // Never set: that journal confirms nothing.
    private readonly TaskCompletionSource confirmed = new();
    private readonly TaskCompletionSource headAwaited = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly Lock gate = new();
    private readonly SortedDictionary<string, StoredObject> table = new(StringComparer.Ordinal);
    private readonly List<ObjectChange> changes = [];
    private readonly List<MemoryWatch> watches = [];
    private long forgotten;

    public long Head { get; private set; } = 100;

    public int OpenWatches
    {
        get
        {
            lock (gate)
            {
                return watches.Count;
            }
        }
    }

    public IReplica For(string resource) => this;

    public StoredObject Commit(ObjectKey key, string uid, object? model)
    {
        lock (gate)
        {
            var previous = table.GetValueOrDefault(key.ToString());
            var revision = new StoredObject(key, uid, ++Head, model is null ? previous!.Payload : ObjectJson.Encode(model));
            var type = model is null ? ChangeType.Deleted : previous is null ? ChangeType.Added : ChangeType.Modified;
            if (model is null)
            {
                table.Remove(key.ToString());
            }
            else
            {
                table[key.ToString()] = revision;
            }

            var change = new ObjectChange(type, revision, previous);
            changes.Add(change);
            watches.ForEach(watch => watch.Offer(change));
            return revision;
        }
    }

    /// <summary>Forgets every change so far, as a full ring does.</summary>
    public void Forget()
    {
        lock (gate)
        {
            forgotten = Head;
        }
    }

    /// <summary>Ends every watch, as happens to a slow reader.</summary>
    public void EndWatches()
    {
        lock (gate)
        {
            watches.ForEach(watch => watch.End());
        }
    }

    public StoredObject? Find(ObjectKey key)
    {
        lock (gate)
        {
            return table.GetValueOrDefault(key.ToString());
        }
    }

    public ReplicaSnapshot Snapshot(string resource)
    {
        lock (gate)
        {
            return new MemorySnapshot([.. table.Values.Where(item => item.Key.Resource == resource)], Head);
        }
    }

    public ReplicaSnapshot? SnapshotAt(string resource, long resourceVersion)
    {
        lock (gate)
        {
            if (resourceVersion < forgotten || resourceVersion > Head)
            {
                return null;
            }

            var state = table.Where(row => row.Value.Key.Resource == resource).ToDictionary();
            foreach (var change in Enumerable.Reverse(changes).Where(change => change.Object.ResourceVersion > resourceVersion))
            {
                state.Remove(change.Object.Key.ToString());
                if (change.Previous is { } previous && previous.Key.Resource == resource)
                {
                    state[previous.Key.ToString()] = previous;
                }
            }

            return new MemorySnapshot([.. state.OrderBy(row => row.Key, StringComparer.Ordinal).Select(row => row.Value)], resourceVersion);
        }
    }

    public void Remember(string resource, ReplicaSnapshot snapshot)
    {
    }

    /// <summary>A journal that confirms nothing: consistent reads wait.</summary>
    public bool HeadUnconfirmed { get; set; }

    /// <summary>Completes when a read waits for it.</summary>
    public Task HeadAwaited => headAwaited.Task;

    public Task WaitForHeadAsync(CancellationToken cancellation)
    {
        if (!HeadUnconfirmed)
        {
            return Task.CompletedTask;
        }

        headAwaited.TrySetResult();
        return confirmed.Task.WaitAsync(cancellation);
    }

    /// <summary>How old the copy says that it is: a storage that is away.</summary>
    public TimeSpan? Age { get; set; }

    public async Task<TimeSpan?> CatchUpAsync(CancellationToken cancellation)
    {
        await WaitForHeadAsync(cancellation);
        return Age;
    }

    public Task WaitForVersionAsync(long resourceVersion, TimeSpan timeout, CancellationToken cancellation) => resourceVersion <= Head
        ? Task.CompletedTask
        : throw ApiErrors.Timeout(
            string.Create(CultureInfo.InvariantCulture, $"Too large resource version: {resourceVersion}, current: {Head}"),
            new V1StatusCause { Reason = "ResourceVersionTooLarge", Message = "Too large resource version" });

    public IReplicaWatch Watch(string resource, string? @namespace, long after)
    {
        lock (gate)
        {
            if (after < forgotten)
            {
                throw ApiErrors.Expired(string.Create(CultureInfo.InvariantCulture, $"too old resource version: {after} ({forgotten})"));
            }

            var watch = new MemoryWatch(this, resource, @namespace);
            changes.Where(change => change.Object.ResourceVersion > after).ToList().ForEach(watch.Offer);
            watches.Add(watch);
            return watch;
        }
    }

    private sealed class MemoryWatch(MemoryReplica replica, string resource, string? @namespace) : IReplicaWatch
    {
        private readonly Channel<ObjectChange> channel = Channel.CreateUnbounded<ObjectChange>();

        public long Progress => replica.Head;

        public void Offer(ObjectChange change)
        {
            if (change.Object.Key.Resource == resource && (@namespace is null || change.Object.Key.Namespace == @namespace))
            {
                channel.Writer.TryWrite(change);
            }
        }

        public void End() => channel.Writer.TryComplete();

        public ValueTask<bool> WaitToReadAsync(CancellationToken cancellation) => channel.Reader.WaitToReadAsync(cancellation);

        public bool TryRead(out ObjectChange change) => channel.Reader.TryRead(out change);

        public void Dispose()
        {
            lock (replica.gate)
            {
                replica.watches.Remove(this);
            }
        }
    }

    private sealed class MemorySnapshot(IReadOnlyList<StoredObject> items, long version) : ReplicaSnapshot
    {
        public override long ResourceVersion => version;

        public override int Count(string? @namespace) => List(@namespace).Count();

        public override IEnumerable<StoredObject> List(string? @namespace, string after = "") => items
            .Where(item => @namespace is null || item.Key.Namespace == @namespace)
            .Where(item => string.CompareOrdinal($"{item.Key.Namespace}/{item.Key.Name}", after) > 0);
    }
}
