namespace Orleans.StatefulSets.Storage;

/// <summary>Where a journal is kept, and how safely.</summary>
public sealed record SqliteJournalOptions
{
    /// <summary>The data directory; created if it is missing. It is for one server at a time.</summary>
    public required string DataDirectory { get; init; }

    /// <summary>
    /// The journal's name, <c>objects</c> or <c>events</c>. Each is a file of its own, <c>NAME.db</c>: SQLite admits one writer a
    /// file, and Events must not make objects wait.
    /// </summary>
    public required string Journal { get; init; }

    /// <summary>
    /// False (<c>synchronous=NORMAL</c>): what is acknowledged survives the end of the process, however it ends. True
    /// (<c>FULL</c>): a power cut too; each commit waits for the disk.
    /// </summary>
    public bool SynchronousFull { get; init; }

    /// <summary>How large the file may grow, in bytes; 0 for no limit. Beyond it writes fail as on a full disk, and reads go on.</summary>
    public long MaxFileBytes { get; init; }

    /// <summary>The steps that lead to the tables; a test may add one.</summary>
    internal IReadOnlyList<string> SchemaSteps { get; init; } = JournalSchema.Steps;

    internal string File => Path.Combine(Path.GetFullPath(DataDirectory), Journal + ".db");
}
