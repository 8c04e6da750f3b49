namespace Orleans.StatefulSets.Reconciliation.Scheduling;

/// <summary>Where a pod counts.</summary>
/// <param name="Pod">The pod.</param>
/// <param name="Node">The node.</param>
/// <param name="ResourceVersion">The revision that said so; for an assumed place the one that was assigned.</param>
/// <param name="IsAssumed">Assigned here, and not yet heard of as bound.</param>
internal sealed record PodPlace(PodTraits Pod, string Node, long ResourceVersion, bool IsAssumed);
