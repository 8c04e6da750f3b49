using Orleans.StatefulSets.Workloads.Files;

namespace Orleans.StatefulSets.Grains.Files;

/// <summary>Somebody who wants to use a tree.</summary>
/// <param name="Holder">Who: the pod's uid, <c>@</c>, and the node.</param>
/// <param name="Origin">The silo that asks, and which use of its. The same holder from elsewhere is another one: of a pod that lives twice for a moment, the later counts.</param>
/// <param name="Exclusive">Whether nobody of another node may use the tree from here on.</param>
/// <param name="Capacity">Bytes that fit; a tree never shrinks.</param>
[GenerateSerializer, Immutable]
public sealed record AttachRequest(
    [property: Id(0)] string Holder, [property: Id(1)] string Origin, [property: Id(2)] bool Exclusive, [property: Id(3)] long Capacity);

/// <summary>Who calls a tree: what every call carries.</summary>
/// <param name="Holder">The attachment's holder.</param>
/// <param name="Epoch">The attach epoch that it was given.</param>
[GenerateSerializer, Immutable]
public readonly record struct TreeCaller([property: Id(0)] string Holder, [property: Id(1)] long Epoch);

/// <summary>How far a tree's changes have come.</summary>
/// <param name="Epoch">The epoch of the tree's holder.</param>
/// <param name="Sequence">How many changes it has seen.</param>
[GenerateSerializer, Immutable]
public readonly record struct TreePosition([property: Id(0)] long Epoch, [property: Id(1)] long Sequence);

/// <summary>A tree's answer: a value, or why there is none.</summary>
/// <typeparam name="T">The value's type.</typeparam>
[GenerateSerializer, Immutable]
public sealed record TreeReply<T>
{
    /// <summary>What was asked for; of no meaning after an error.</summary>
    [Id(0)]
    public T? Value { get; init; }

    /// <summary>What kept the call from being carried out; null where nothing did.</summary>
    [Id(1)]
    public Errno? Error { get; init; }

    /// <summary>Nothing was done, because the tree has another holder by now: whoever asks again reaches that one.</summary>
    [Id(2)]
    public bool Again { get; init; }

    /// <summary>How far the tree had come with this call.</summary>
    [Id(3)]
    public TreePosition Position { get; init; }
}

/// <summary>A portion of a directory.</summary>
/// <param name="Entries">Its names in ordinal order.</param>
/// <param name="IsLast">Whether there are no more.</param>
[GenerateSerializer, Immutable]
public sealed record ListedNames([property: Id(0)] DirectoryEntry[] Entries, [property: Id(1)] bool IsLast);

/// <summary>What became of what was written.</summary>
public enum FlushResult
{
    /// <summary>All of it is committed.</summary>
    Committed,

    /// <summary>Some of it went with a silo before it was committed.</summary>
    Lost,
}
