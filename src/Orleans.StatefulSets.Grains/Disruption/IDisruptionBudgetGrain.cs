using Orleans.StatefulSets.Grains.Messages;
using Orleans.StatefulSets.Grains.Objects;

namespace Orleans.StatefulSets.Grains.Disruption;

/// <summary>A PodDisruptionBudget: its one writer, the keeper of its status and the one who grants evictions against it.</summary>
[Alias("poddisruptionbudget")]
public interface IDisruptionBudgetGrain : IObjectGrain
{
    /// <summary>Grants the eviction of a pod: one disruption less, committed before the answer. Refused where none is left.</summary>
    [Alias("grant")]
    Task<ObjectReply> Grant(string podName, string podUid, bool dryRun);
}
