namespace Orleans.StatefulSets.Storage;

/// <summary>Where files are kept, and how safely.</summary>
public sealed record SqliteFileOptions
{
    /// <summary>The data directory; created if it is missing. The files are one file there, <c>files.db</c>: they must not make objects wait.</summary>
    public required string DataDirectory { get; init; }

    /// <inheritdoc cref="SqliteJournalOptions.SynchronousFull"/>
    public bool SynchronousFull { get; init; }

    /// <summary>Bytes that all trees together may take, by their holders' account; 0 for no bound.</summary>
    public long MaxBytes { get; init; }

    /// <summary>How large <c>files.db</c> may grow, in bytes; 0 for no limit. Beyond it writes fail as on a full disk, and reads go on.</summary>
    public long MaxFileBytes { get; init; }

    /// <summary>The steps that lead to the tables; a test may add one.</summary>
    internal IReadOnlyList<string> SchemaSteps { get; init; } = FilesSchema.Steps;

    internal string File => Path.Combine(Path.GetFullPath(DataDirectory), "files.db");

    internal DatabaseShape Shape => new()
    {
        File = File,
        ApplicationId = FilesSchema.ApplicationId,
        PageSize = FilesSchema.PageSize,
        Steps = SchemaSteps,
        SynchronousFull = SynchronousFull,
        MaxFileBytes = MaxFileBytes,
        Shrinks = true,
    };
}
