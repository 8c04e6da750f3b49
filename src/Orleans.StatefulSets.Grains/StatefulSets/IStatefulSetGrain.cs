using Orleans.StatefulSets.Grains.Objects;

namespace Orleans.StatefulSets.Grains.StatefulSets;

/// <summary>A StatefulSet: its one writer, and what keeps its pods as it says.</summary>
[Alias("statefulset")]
public interface IStatefulSetGrain : IObjectGrain;
