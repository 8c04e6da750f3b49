namespace Orleans.StatefulSets.Reconciliation.Scheduling;

/// <summary>Where a pod counts.</summary>
/// <param name="Uid">The pod's uid.</param>
/// <param name="Node">The node.</param>
/// <param name="Owner">Whose pod it is: pods of one owner are kept apart.</param>
/// <param name="Requests">What it asks for.</param>
/// <param name="ResourceVersion">The revision that said so; for an assumed place the one that was assigned.</param>
/// <param name="IsAssumed">Assigned here, and not yet heard of as bound.</param>
internal sealed record PodPlace(string Uid, string Node, string Owner, ResourceAmounts Requests, long ResourceVersion, bool IsAssumed);
