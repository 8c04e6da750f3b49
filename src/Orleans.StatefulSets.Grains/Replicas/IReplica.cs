using Orleans.StatefulSets.Resources.Errors;
using Orleans.StatefulSets.Resources.Kinds;
using Orleans.StatefulSets.Resources.Objects;

namespace Orleans.StatefulSets.Grains.Replicas;

/// <summary>
/// This process's copy of a journal: every object's last revision and a ring of the recent ones. Reads are local and never wait
/// unless they ask to; all watchers see the order of the commits.
/// </summary>
public interface IReplica
{
    /// <summary>The resourceVersion up to which this copy has followed.</summary>
    long Head { get; }

    /// <summary>The last revision of an object, or null. A snapshot of this moment.</summary>
    StoredObject? Find(ObjectKey key);

    /// <summary>All objects of a resource at one version; taking it costs nothing, and it never changes.</summary>
    ReplicaSnapshot Snapshot(string resource);

    /// <summary>A snapshot at exactly that version (for a continue token), else null: it is older than lists last, or is not remembered and more has changed since than the ring holds.</summary>
    ReplicaSnapshot? SnapshotAt(string resource, long resourceVersion);

    /// <summary>Keeps a snapshot that a client was given a token for, within bounds of time and bytes.</summary>
    void Remember(string resource, ReplicaSnapshot snapshot);

    /// <summary>Waits until this copy holds everything that was acknowledged before the call: the consistent read.</summary>
    Task WaitForHeadAsync(CancellationToken cancellation);

    /// <summary>
    /// Waits as <see cref="WaitForHeadAsync"/> does; but where nobody can say what was acknowledged (the storage is away, the journal can't be
    /// reached) this copy has to do as it is.
    /// </summary>
    /// <returns>Null for a consistent read; else how long ago the copy was last known to be whole.</returns>
    Task<TimeSpan?> CatchUpAsync(CancellationToken cancellation);

    /// <summary>Waits until this copy has followed to a version.</summary>
    /// <exception cref="ApiException">504 Timeout with the cause ResourceVersionTooLarge after <paramref name="timeout"/>.</exception>
    Task WaitForVersionAsync(long resourceVersion, TimeSpan timeout, CancellationToken cancellation);

    /// <summary>
    /// Every change of a resource after a version, in the order of the commits.
    /// </summary>
    /// <param name="resource">The resource, <c>pods</c>.</param>
    /// <param name="namespace">A namespace, or null for all.</param>
    /// <param name="after">The version after which to begin.</param>
    /// <exception cref="ApiException">410 Expired: the version is older than what the ring remembers.</exception>
    IReplicaWatch Watch(string resource, string? @namespace, long after);
}

/// <summary>The replicas of this process: one of the objects' journal, one of the events'.</summary>
public interface IReplicas
{
    /// <summary>The replica that holds a resource.</summary>
    IReplica For(string resource);
}

/// <summary>What happened to an object.</summary>
public enum ChangeType
{
    Added,
    Modified,
    Deleted,
}

/// <param name="Type">What happened.</param>
/// <param name="Object">The new revision; for a deletion the last state, at the version of the deletion.</param>
/// <param name="Previous">The revision before, where there was one: what a selector saw until now.</param>
public readonly record struct ObjectChange(ChangeType Type, StoredObject Object, StoredObject? Previous);

/// <summary>A bounded stream of changes for one reader.</summary>
public interface IReplicaWatch : IDisposable
{
    /// <summary>
    /// Everything up to this version has been put into this watch or did not concern it: the version for a bookmark once
    /// <see cref="TryRead"/> has nothing more.
    /// </summary>
    long Progress { get; }

    /// <summary>Completes with true when there is something to read, with false when the watch was ended because its reader was too slow or the replica had a gap.</summary>
    ValueTask<bool> WaitToReadAsync(CancellationToken cancellation);

    /// <summary>Takes the next change, if there is one.</summary>
    bool TryRead(out ObjectChange change);
}

/// <summary>All objects of one resource at one version.</summary>
public abstract class ReplicaSnapshot
{
    /// <summary>The version of the snapshot: no change up to it is missing, none after it is in.</summary>
    public abstract long ResourceVersion { get; }

    /// <summary>How many objects there are in a namespace, or (null) in all.</summary>
    public abstract int Count(string? @namespace);

    /// <summary>
    /// The objects of a namespace, or (null) of all, ordered by namespace and name, beginning after a key
    /// (<c>namespace/name</c>; "" begins at the start). Costs what is enumerated.
    /// </summary>
    public abstract IEnumerable<StoredObject> List(string? @namespace, string after = "");
}
