using Orleans.Concurrency;
using Orleans.StatefulSets.Grains.Objects;

namespace Orleans.StatefulSets.Grains.Faults;

/// <summary>A Fault: begins it, has it happen, undoes it, and counts how often it happened.</summary>
[Alias("fault")]
public interface IFaultGrain : IObjectGrain
{
    /// <summary>It is to happen once more, where it happens so often at most; counted before it does.</summary>
    /// <returns>False where it must not.</returns>
    [AlwaysInterleave]
    [Alias("take")]
    Task<bool> Take(string uid);

    /// <summary>It happened so many times more. What is told here is written a moment later, and may be lost with a silo.</summary>
    [OneWay]
    [AlwaysInterleave]
    [Alias("happened")]
    Task Happened(string uid, int times);
}
