using Orleans.Concurrency;
using Orleans.StatefulSets.Resources.Kinds;

namespace Orleans.StatefulSets.Grains.GarbageCollection;

/// <summary>Collects the dependents of one owner; its key is the owner's uid.</summary>
[Alias("garbage-collector")]
public interface IGarbageCollectorGrain : IGrainWithStringKey
{
    /// <summary>The owner went, is being deleted, or lost a dependent: look at all that name it.</summary>
    /// <param name="owner">The owner's key.</param>
    [OneWay]
    [AlwaysInterleave]
    [Alias("collect")]
    Task Collect(ObjectKey owner);
}
