namespace Orleans.StatefulSets.Cli.Planning;

/// <summary>One server process of a cluster, before it is started and over all its restarts.</summary>
internal sealed record ProcessPlan
{
    /// <summary>A name that no other process of the cluster has, <c>silo-1</c>.</summary>
    public required string Name { get; init; }

    public required ProcessRole Role { get; init; }

    /// <summary>Where it listens.</summary>
    public required Uri Url { get; init; }

    /// <summary>Its own folder.</summary>
    public required string Directory { get; init; }

    /// <summary>The server's arguments.</summary>
    public required IReadOnlyList<string> Arguments { get; init; }
}
