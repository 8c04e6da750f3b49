namespace Orleans.StatefulSets.Storage;

/// <summary>Which journal of which PostgreSQL database (14 or newer), and how long it is waited for.</summary>
public sealed record PostgresJournalOptions
{
    /// <summary>
    /// How to reach the database, in Npgsql's form: <c>Host=…;Username=…;Password=…;Database=…</c>. The tables lie in the first schema of
    /// the search path. What a commit survives is the server's choice (<c>synchronous_commit</c>).
    /// </summary>
    public required string ConnectionString { get; init; }

    /// <summary>The journal's name, <c>objects</c> or <c>events</c>. Many journals share the tables, and none makes another wait.</summary>
    public required string Journal { get; init; }

    /// <summary>How long one statement may take before it is given up.</summary>
    public TimeSpan CommandTimeout { get; init; } = TimeSpan.FromSeconds(5);

    /// <summary>How long a call tries again while the server is away, once it has been reached; zero for not at all.</summary>
    public TimeSpan Patience { get; init; } = TimeSpan.FromSeconds(5);

    /// <summary>The scripts that lead to the tables; a test may add one.</summary>
    internal IReadOnlyList<PostgresScript> SchemaScripts { get; init; } = PostgresSchema.Scripts;
}
