namespace Orleans.StatefulSets.Grains.Journal;

/// <summary>The bounds of the journal and of what follows it.</summary>
public sealed class JournalOptions
{
    /// <summary>Most revisions in one transaction.</summary>
    public int MaxBatch { get; set; } = 1000;

    /// <summary>Most commits that may wait; beyond it a client gets 429.</summary>
    public int MaxPending { get; set; } = 100_000;

    /// <summary>Bytes of recent revisions that the journal keeps in memory for replicas.</summary>
    public long RingBytes { get; set; } = 8 << 20;

    /// <summary>Bytes of recent revisions that a replica keeps in memory for watches; older ones get 410.</summary>
    public long ReplicaRingBytes { get; set; } = 32 << 20;

    /// <summary>Bytes that one read of a replica returns at most.</summary>
    public int ReadBytes { get; set; } = 4 << 20;

    /// <summary>How long a read waits for news before it returns empty; well below the 15 s after which its reader gives it up for lost.</summary>
    public TimeSpan ReadWait { get; set; } = TimeSpan.FromSeconds(3);

    /// <summary>How long a consistent read of a client waits for the journal's word before it is answered without.</summary>
    public TimeSpan ConfirmPatience { get; set; } = TimeSpan.FromSeconds(8);

    /// <summary>How long it waits where the reads before it waited in vain.</summary>
    public TimeSpan DoubtfulPatience { get; set; } = TimeSpan.FromMilliseconds(100);

    /// <summary>Superseded revisions that the stored change log keeps before it is trimmed.</summary>
    public int LogRevisions { get; set; } = 20_000;

    /// <summary>Bytes of payload that the stored change log may hold; beyond it half of it is trimmed, however few revisions that leaves.</summary>
    public long LogBytes { get; set; } = 64 << 20;

    /// <summary>Changes that a watch may lag behind before it is ended.</summary>
    public int WatchBuffer { get; set; } = 50_000;

    /// <summary>Bytes of changes that a watch may lag behind before it is ended; all watches of a resource share them.</summary>
    public long WatchBufferBytes { get; set; } = 64 << 20;

    /// <summary>
    /// How long after it was superseded a version can still be listed, for continue tokens: what kube-apiserver's
    /// <c>--etcd-compaction-interval</c> leaves. Wall time.
    /// </summary>
    public TimeSpan ListsLast { get; set; } = TimeSpan.FromMinutes(5);

    /// <summary>Bytes that old versions may keep in memory for continue tokens; beyond them the oldest get 410 sooner.</summary>
    public long ListBytes { get; set; } = 32 << 20;
}
