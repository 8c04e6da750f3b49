namespace Orleans.StatefulSets.Cli.Planning;

/// <summary>Which processes make a cluster.</summary>
internal sealed record ClusterPlan
{
    public required IReadOnlyList<ProcessPlan> Silos { get; init; }

    /// <summary>API processes without a silo; none where the silos serve the API.</summary>
    public required IReadOnlyList<ProcessPlan> ApiServers { get; init; }

    /// <summary>Those that serve the API: where the load balancer sends requests.</summary>
    public IReadOnlyList<ProcessPlan> Serving => ApiServers.Count > 0 ? ApiServers : Silos;

    /// <summary>All, in the order in which they are started.</summary>
    public IEnumerable<ProcessPlan> All => Silos.Concat(ApiServers);
}
