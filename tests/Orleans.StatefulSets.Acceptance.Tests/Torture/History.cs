using System.Collections.Concurrent;

namespace Orleans.StatefulSets.Acceptance.Tests.Torture;

/// <summary>One change as one watcher saw it.</summary>
internal sealed record Seen(string Type, string Key, string Uid, long Version, bool Ready, string Volume)
{
    /// <summary>What must be the same for all who saw it; whether it was an ADDED or a MODIFIED depends on when one came.</summary>
    public (bool Deleted, string Key, string Uid) Identity => (Type == "DELETED", Key, Uid);
}

/// <summary>What a watcher saw from one list on, the list's objects first.</summary>
internal sealed class ListedPart(IEnumerable<Seen> listed, long version) : List<Seen>(listed)
{
    /// <summary>The list's version: of what came after it nothing may be missing.</summary>
    public long Version => version;
}

/// <summary>A write that was answered with success.</summary>
/// <param name="Key">The object, with its resource.</param>
/// <param name="Uid">Its uid.</param>
/// <param name="Version">The version that was told.</param>
internal sealed record Acknowledged(string Key, string Uid, long Version);

/// <summary>A line that a command in a pod was to append to a file of its volume.</summary>
/// <param name="Claim">The volume's claim.</param>
/// <param name="Writer">Who sent the command; he sends the next one when he has heard of this one or has given it up.</param>
/// <param name="Text">The line, like no other.</param>
internal sealed record Line(string Claim, int Writer, string Text);

/// <summary>What happened, as all who took part tell it.</summary>
internal sealed class History
{
    private int namespaces;

    /// <summary>Of each watcher what it saw, in its order; a list begins a new part. A watcher's name ends with <c>/</c> and its resource.</summary>
    public ConcurrentDictionary<string, List<List<Seen>>> Watchers { get; } = new();

    public ConcurrentQueue<Acknowledged> Writes { get; } = new();

    /// <summary>Writes of which it is not known whether they were carried out.</summary>
    public ConcurrentDictionary<string, int> Unknown { get; } = new();

    /// <summary>How often each counter was counted up for sure.</summary>
    public ConcurrentDictionary<string, int> Counted { get; } = new();

    /// <summary>Lines whose command returned 0.</summary>
    public ConcurrentQueue<Line> Lines { get; } = new();

    /// <summary>Lines that were sent, whatever was heard of them, and their claims.</summary>
    public ConcurrentDictionary<string, string> LinesSent { get; } = new();

    /// <summary>The uids of objects whose deletion was acknowledged, and what they were.</summary>
    public ConcurrentDictionary<string, string> Deleted { get; } = new();

    public ConcurrentDictionary<FaultKind, int> Faults { get; } = new();

    /// <summary>How many namespaces were deleted.</summary>
    public int Namespaces => Volatile.Read(ref namespaces);

    public void CountNamespace() => Interlocked.Increment(ref namespaces);

    public static void Count<T>(ConcurrentDictionary<T, int> counts, T what)
        where T : notnull => counts.AddOrUpdate(what, 1, (_, count) => count + 1);
}
