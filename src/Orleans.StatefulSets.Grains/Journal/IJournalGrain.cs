using Orleans.Concurrency;
using Orleans.StatefulSets.Resources.Kinds;

namespace Orleans.StatefulSets.Grains.Journal;

/// <summary>
/// The one total order of all revisions (DESIGN law 2): what arrives together is checked, numbered, written in one transaction,
/// published and answered. What is seen is durable, and an acknowledged write is durable.
/// </summary>
[Alias("journal")]
public interface IJournalGrain : IGrainWithStringKey
{
    /// <summary>Commits one revision if the object is as expected.</summary>
    [AlwaysInterleave]
    [Alias("commit")]
    Task<CommitResult> Commit([Immutable] CommitEntry entry);

    /// <summary>Commits several revisions, each by its own expectation.</summary>
    [AlwaysInterleave]
    [Alias("commit-many")]
    Task<CommitResult[]> CommitMany([Immutable] CommitEntry[] entries);

    /// <summary>
    /// Waits (a few seconds at most) for revisions after <paramref name="after"/>, and returns them, at most about <paramref name="maxBytes"/> bytes.
    /// </summary>
    [AlwaysInterleave]
    [ResponseTimeout("00:00:15")]
    [Alias("read")]
    Task<JournalSlice> Read(long epoch, long after, int maxBytes);

    /// <summary>The head, confirmed against the stored epoch after the call arrived.</summary>
    [AlwaysInterleave]
    [Alias("confirm-head")]
    Task<long> ConfirmHead();

    /// <summary>
    /// Where a commit landed lately; null where none of these did. Confirmed after the call arrived, so what did not land by then lands only by
    /// being sent again.
    /// </summary>
    [AlwaysInterleave]
    [Alias("find-commit")]
    Task<long?> FindCommit([Immutable] Guid[] commitIds);

    /// <summary>The uid that an object has at the head, or "": the garbage collector's proof of absence.</summary>
    [AlwaysInterleave]
    [Alias("uid-of")]
    ValueTask<string> UidOf(ObjectKey key);
}

/// <summary>The journals there are.</summary>
public static class Journals
{
    /// <summary>The journal of all objects but Events.</summary>
    public const string Objects = "objects";

    /// <summary>The journal of Events, which come in numbers and matter less.</summary>
    public const string Events = "events";

    /// <summary>The journal that keeps a resource.</summary>
    public static string Of(string resource) => resource == ResourceKinds.Events.Resource ? Events : Objects;
}
