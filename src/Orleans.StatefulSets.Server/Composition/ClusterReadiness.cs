using Orleans.StatefulSets.Api.Health;
using Orleans.StatefulSets.Grains.Hosting;

namespace Orleans.StatefulSets.Server.Composition;

/// <summary>Ready once the cluster's first objects stand and this process's copy is filled.</summary>
internal sealed class ClusterReadiness(ClusterStart start) : IReadiness
{
    /// <inheritdoc/>
    public IReadOnlyList<ReadinessCheck> Check() => [new ReadinessCheck("cluster", start.Ready.IsCompletedSuccessfully)];
}
