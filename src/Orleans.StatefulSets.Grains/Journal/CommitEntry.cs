using Orleans.StatefulSets.Resources.Kinds;
using Orleans.StatefulSets.Resources.Objects;

namespace Orleans.StatefulSets.Grains.Journal;

/// <summary>One revision on its way into the journal.</summary>
[GenerateSerializer, Immutable]
public sealed record CommitEntry
{
    [Id(0)]
    public required ObjectKey Key { get; init; }

    /// <summary>The resourceVersion that the object must have now; 0: it must not exist. Anything else is a conflict.</summary>
    [Id(1)]
    public required long ExpectedRevision { get; init; }

    /// <summary>Whether the object goes with this revision.</summary>
    [Id(2)]
    public required bool Deleted { get; init; }

    [Id(3)]
    public required string Uid { get; init; }

    /// <summary>The encoded object without a resourceVersion; for a deletion its last state.</summary>
    [Id(4)]
    public required ReadOnlyMemory<byte> Payload { get; init; }

    /// <summary>Names this commit, so that a retry whose first try did land is told so.</summary>
    [Id(5)]
    public required Guid CommitId { get; init; }

    /// <summary>
    /// The decoded object, where the journal lives on the same silo: not sent to another one, where it is decoded when first needed.
    /// </summary>
    [field: NonSerialized]
    public object? Model { get; init; }

    internal StoredObject Stamp(long revision) => new(Key, Uid, revision, Payload, Model);
}

/// <summary>The journal's answer to one <see cref="CommitEntry"/>.</summary>
[GenerateSerializer, Immutable]
public sealed record CommitResult
{
    /// <summary>The committed revision, or null where the expectation failed.</summary>
    [Id(0)]
    public StoredObject? Committed { get; init; }

    /// <summary>After a conflict: the resourceVersion that the object has, 0 if there is none.</summary>
    [Id(1)]
    public long CurrentRevision { get; init; }

    /// <summary>After a conflict: the uid of what is there, "" if nothing is.</summary>
    [Id(2)]
    public string CurrentUid { get; init; } = "";

    /// <summary>What kept the commit from being judged at all.</summary>
    [Id(3)]
    public CommitObstacle Obstacle { get; init; }

    /// <summary>The obstacle in one line; null where there was none.</summary>
    [Id(4)]
    public string? Unavailable { get; init; }
}

/// <summary>What can keep a commit from being carried out or refused.</summary>
public enum CommitObstacle
{
    None,

    /// <summary>Nothing could be written: a full disk, an unreachable database.</summary>
    Storage,

    /// <summary>This holder of the journal is one of the past; whoever sends again reaches the present one.</summary>
    Fenced,

    /// <summary>Too many commits wait.</summary>
    Overloaded,

    /// <summary>The object's namespace is gone, or never was.</summary>
    NoNamespace,

    /// <summary>The namespace that was to go holds something.</summary>
    NamespaceInUse,
}

/// <summary>One revision as the journal publishes it.</summary>
/// <param name="Object">The revision; of a deletion the last state.</param>
/// <param name="Deleted">Whether the object went.</param>
[GenerateSerializer, Immutable]
public sealed record PublishedRevision([property: Id(0)] StoredObject Object, [property: Id(1)] bool Deleted);

/// <summary>What a replica reads: the revisions after the one it asked for, in order and without a hole.</summary>
[GenerateSerializer, Immutable]
public sealed record JournalSlice
{
    [Id(0)]
    public required long Epoch { get; init; }

    /// <summary>The revision up to which the reader has followed once it has applied this slice.</summary>
    [Id(1)]
    public required long Head { get; init; }

    [Id(2)]
    public required PublishedRevision[] Revisions { get; init; }

    /// <summary>The log no longer reaches back that far: the reader takes a snapshot, and its watchers get 410.</summary>
    [Id(3)]
    public bool Gap { get; init; }
}
