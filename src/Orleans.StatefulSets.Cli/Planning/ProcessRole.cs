namespace Orleans.StatefulSets.Cli.Planning;

/// <summary>What a process of a cluster is.</summary>
internal enum ProcessRole
{
    /// <summary>A silo that serves the API too.</summary>
    All,

    /// <summary>A silo without the API.</summary>
    Silo,

    /// <summary>The API without a silo.</summary>
    Api,

    /// <summary>The load balancer, which lives in the supervisor.</summary>
    Balancer,

    /// <summary>The PostgreSQL server that the cluster started itself.</summary>
    Database,
}
