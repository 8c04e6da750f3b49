using System.Collections.Concurrent;

namespace Orleans.StatefulSets.Acceptance.Tests.Torture;

/// <summary>One change as one watcher saw it.</summary>
internal sealed record Seen(string Type, string Key, string Uid, long Version, bool Ready, string Volume)
{
    /// <summary>What must be the same for all who saw it; whether it was an ADDED or a MODIFIED depends on when one came.</summary>
    public (bool Deleted, string Key, string Uid) Identity => (Type == "DELETED", Key, Uid);
}

/// <summary>A write that was answered with success.</summary>
/// <param name="Key">The object, with its resource.</param>
/// <param name="Uid">Its uid.</param>
/// <param name="Version">The version that was told.</param>
internal sealed record Acknowledged(string Key, string Uid, long Version);

/// <summary>What happened, as all who took part tell it.</summary>
internal sealed class History
{
    /// <summary>Of each watcher what it saw, in its order; a list begins a new part.</summary>
    public ConcurrentDictionary<string, List<List<Seen>>> Watchers { get; } = new();

    public ConcurrentQueue<Acknowledged> Writes { get; } = new();

    /// <summary>Writes of which it is not known whether they were carried out.</summary>
    public ConcurrentDictionary<string, int> Unknown { get; } = new();

    /// <summary>How often each counter was counted up for sure.</summary>
    public ConcurrentDictionary<string, int> Counted { get; } = new();

    /// <summary>Lines that a command in a pod wrote to its volume before it returned 0, by the volume's claim.</summary>
    public ConcurrentQueue<(string Claim, string Line)> Lines { get; } = new();

    public ConcurrentDictionary<FaultKind, int> Faults { get; } = new();

    public static void Count<T>(ConcurrentDictionary<T, int> counts, T what)
        where T : notnull => counts.AddOrUpdate(what, 1, (_, count) => count + 1);
}
