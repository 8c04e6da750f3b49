namespace Orleans.StatefulSets.Storage;

/// <summary>Which PostgreSQL database (14 or newer) keeps the files, and how long it is waited for.</summary>
public sealed record PostgresFileOptions
{
    /// <inheritdoc cref="PostgresJournalOptions.ConnectionString"/>
    public required string ConnectionString { get; init; }

    /// <inheritdoc cref="PostgresJournalOptions.CommandTimeout"/>
    public TimeSpan CommandTimeout { get; init; } = TimeSpan.FromSeconds(5);

    /// <inheritdoc cref="PostgresJournalOptions.Patience"/>
    public TimeSpan Patience { get; init; } = TimeSpan.FromSeconds(5);

    /// <summary>
    /// Bytes that all trees together may take, by their holders' account; 0 for no bound. Processes that share the database look once a
    /// second at what the others wrote, so together they may exceed it by that much.
    /// </summary>
    public long MaxBytes { get; init; }

    /// <summary>The scripts that lead to the tables; a test may add one.</summary>
    internal IReadOnlyList<PostgresScript> SchemaScripts { get; init; } = PostgresSchema.Scripts;
}
