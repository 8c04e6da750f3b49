using Orleans.Services;

namespace Orleans.StatefulSets.Grains.Reach;

/// <summary>Answers on each silo, so that the others know that they reach it.</summary>
[Alias("reach")]
public interface IReachService : IGrainService
{
    /// <summary>Answers.</summary>
    [Alias("answer")]
    Task Answer();
}
