using k8s.Models;

namespace Orleans.StatefulSets.Reconciliation.StatefulSets;

/// <summary>All that a decision about a set reads.</summary>
public sealed record StatefulSetSituation
{
    /// <summary>The set as it stands, its stored status included; defaults are filled in.</summary>
    public required V1StatefulSet Set { get; init; }

    /// <summary>
    /// The ControllerRevisions of the set's namespace that match its selector and have no controller or the set as controller; in any order.
    /// </summary>
    public required IReadOnlyList<V1ControllerRevision> Revisions { get; init; }

    /// <summary>The set's pods and claims.</summary>
    public required StatefulSetSummary Pods { get; init; }

    /// <summary>Any ControllerRevision of the namespace by name: the name of a new revision may be taken by one that is not in <see cref="Revisions"/>.</summary>
    public Func<string, V1ControllerRevision?> FindRevision { get; init; } = _ => null;

    /// <summary>The cluster's time, UTC.</summary>
    public required DateTime Now { get; init; }
}
