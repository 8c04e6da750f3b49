namespace Orleans.StatefulSets.Benchmarks;

/// <summary>What a run is made with.</summary>
internal sealed record Trial
{
    /// <summary>The path of the published server's DLL.</summary>
    public required string Program { get; init; }

    /// <summary><c>sqlite</c>, <c>memory</c> or <c>postgres</c>.</summary>
    public required string Storage { get; init; }

    /// <summary>Where PostgreSQL is; null for other storages.</summary>
    public string? ConnectionString { get; init; }

    public bool KeepsData => Storage == "sqlite";
}
