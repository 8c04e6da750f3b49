using Microsoft.Extensions.Logging;
using Orleans.Runtime.Services;

namespace Orleans.StatefulSets.Grains.Reach;

/// <inheritdoc cref="IReachService"/>
internal sealed class ReachService(GrainId id, Silo silo, ILoggerFactory loggers) : GrainService(id, silo, loggers), IReachService
{
    /// <inheritdoc/>
    public Task Answer() => Task.CompletedTask;
}

/// <summary>Asks it on a silo of one's choice.</summary>
internal sealed class ReachClient(IServiceProvider services) : GrainServiceClient<IReachService>(services)
{
    public Task AskAsync(SiloAddress silo) => GetGrainService(silo).Answer();
}
