namespace Orleans.StatefulSets.Grains.Files;

/// <summary>When what was written to a durable tree is safe.</summary>
public enum FileSync
{
    /// <summary>A flush returns when everything written before it is committed to the store.</summary>
    Committed,

    /// <summary>A flush returns at once; what was written is committed within about a second.</summary>
    Relaxed,
}

/// <summary>The bounds of durable trees.</summary>
public sealed class FileTreeOptions
{
    /// <summary>What a flush waits for.</summary>
    public FileSync Sync { get; set; } = FileSync.Committed;

    /// <summary>Wall time after which a change is written that nobody flushed; also how long a write that failed waits to be tried again.</summary>
    public TimeSpan WriteAfter { get; set; } = TimeSpan.FromSeconds(1);

    /// <summary>Bytes of contents that one tree may owe its store; whoever writes more waits until some of it is written.</summary>
    public long DirtyBytes { get; set; } = 8 << 20;

    /// <summary>Inodes and names that one tree may owe its store.</summary>
    public int DirtyRows { get; set; } = 8192;

    /// <summary>Bytes of contents that one tree keeps in memory; what was used longest ago goes, and is read again when it is asked for.</summary>
    public long CachedBytes { get; set; } = 32 << 20;

    /// <summary>Bytes of contents that all trees of a silo keep in memory together; beyond, each keeps and owes an eighth of what it else may.</summary>
    public long SiloBytes { get; set; } = 256 << 20;

    /// <summary>Bytes of the largest file: beyond, EFBIG.</summary>
    public long FileBytes { get; set; } = 1L << 30;

    /// <summary>Names that one answer lists.</summary>
    public int ListedNames { get; set; } = 2048;

    /// <summary>Wall time between two tries of a call that may be made again.</summary>
    public TimeSpan RetryAfter { get; set; } = TimeSpan.FromMilliseconds(250);

    /// <summary>Tries of a call that may be made again, before it is an I/O error.</summary>
    public int MostTries { get; set; } = 40;
}
