namespace Orleans.StatefulSets.Benchmarks;

/// <summary>What a run is made with.</summary>
internal sealed record Trial
{
    /// <summary>The path of the published server's DLL.</summary>
    public required string Program { get; init; }

    /// <summary><c>sqlite</c> or <c>memory</c>.</summary>
    public required string Storage { get; init; }

    public bool KeepsData => Storage == "sqlite";
}
