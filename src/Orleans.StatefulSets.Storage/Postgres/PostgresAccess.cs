namespace Orleans.StatefulSets.Storage;

/// <summary>How a store works with its database.</summary>
internal sealed record PostgresAccess
{
    /// <summary>How to reach the database, in Npgsql's form.</summary>
    public required string ConnectionString { get; init; }

    /// <summary>How long one statement may take before it is given up.</summary>
    public required TimeSpan CommandTimeout { get; init; }

    /// <summary>How long a call tries again while the server is away, once it has been reached; zero for not at all.</summary>
    public required TimeSpan Patience { get; init; }

    /// <summary>The scripts that lead to the tables.</summary>
    public required IReadOnlyList<PostgresScript> SchemaScripts { get; init; }

    /// <summary>Most connections.</summary>
    public required int Connections { get; init; }

    /// <summary>What the store is, as messages call it: <c>the journal</c>.</summary>
    public required string Store { get; init; }
}
