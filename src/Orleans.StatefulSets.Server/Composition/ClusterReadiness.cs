using Orleans.StatefulSets.Api.Health;
using Orleans.StatefulSets.Grains.Hosting;
using Orleans.StatefulSets.Grains.Replicas;

namespace Orleans.StatefulSets.Server.Composition;

/// <summary>
/// Ready once the cluster's first objects stand and this process's copy is filled, for as long as the journals are heard of, and until it
/// is asked to stop.
/// </summary>
internal sealed class ClusterReadiness(ClusterStart start, IClusterFollowing following, DrainingLifetime lifetime) : IReadiness
{
    /// <inheritdoc/>
    public IReadOnlyList<ReadinessCheck> Check() =>
    [
        new ReadinessCheck("cluster", start.Ready.IsCompletedSuccessfully),
        new ReadinessCheck("journal", following.IsFollowing),
        new ReadinessCheck("shutdown", !lifetime.IsDraining),
    ];
}
