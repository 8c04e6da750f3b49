using Orleans.StatefulSets.Grains.Objects;

namespace Orleans.StatefulSets.Grains.Namespaces;

/// <summary>A Namespace: its one writer, the giver of what every namespace has, and what empties it when it goes.</summary>
[Alias("namespace")]
public interface INamespaceGrain : IObjectGrain;
