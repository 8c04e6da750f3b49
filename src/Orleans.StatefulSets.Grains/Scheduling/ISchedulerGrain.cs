using Orleans.StatefulSets.Grains.Objects;

namespace Orleans.StatefulSets.Grains.Scheduling;

/// <summary>The cluster's scheduler. Pods, nodes and claims tell it of themselves.</summary>
[Alias("scheduler")]
public interface ISchedulerGrain : IObjectObserver;

/// <summary>The schedulers there are.</summary>
public static class SchedulerKeys
{
    /// <summary>The one that every pod names unless told otherwise.</summary>
    public const string Default = "default-scheduler";
}
