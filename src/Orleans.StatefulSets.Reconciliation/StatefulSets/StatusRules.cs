using k8s.Models;

namespace Orleans.StatefulSets.Reconciliation.StatefulSets;

/// <summary>A set's pods by number, as its status tells them.</summary>
internal sealed record ReplicaCounts(int Created, int Ready, int Available, int Current, int Updated);

/// <summary>How a set's status is made of its counts (upstream <c>updateStatus</c>, <c>completeRollingUpdate</c>, <c>inconsistentStatus</c>).</summary>
internal static class StatusRules
{
    /// <summary>The status; counts that Go leaves out when zero are null.</summary>
    internal static V1StatefulSetStatus Status(V1StatefulSet set, Revisions.RevisionPlan revisions, ReplicaCounts counts)
    {
        var wanted = set.Spec.Replicas ?? 1;
        var complete = UpdateRules.IsRollingUpdate(set) && counts.Updated == wanted && counts.Ready == wanted && counts.Created == wanted;
        return new V1StatefulSetStatus
        {
            ObservedGeneration = set.Metadata.Generation,
            Replicas = counts.Created,
            ReadyReplicas = NullIfZero(counts.Ready),
            AvailableReplicas = counts.Available,
            CurrentReplicas = NullIfZero(complete ? counts.Updated : counts.Current),
            UpdatedReplicas = NullIfZero(counts.Updated),
            CurrentRevision = (complete ? revisions.Update : revisions.Current).Metadata.Name,
            UpdateRevision = revisions.Update.Metadata.Name,
            CollisionCount = revisions.CollisionCount,
        };
    }

    /// <summary>The stored status is behind.</summary>
    internal static bool IsInconsistent(V1StatefulSetStatus? stored, V1StatefulSetStatus status) =>
        stored is null
        || (status.ObservedGeneration ?? 0) > (stored.ObservedGeneration ?? 0)
        || status.Replicas != stored.Replicas
        || (status.CurrentReplicas ?? 0) != (stored.CurrentReplicas ?? 0)
        || (status.ReadyReplicas ?? 0) != (stored.ReadyReplicas ?? 0)
        || (status.UpdatedReplicas ?? 0) != (stored.UpdatedReplicas ?? 0)
        || (status.AvailableReplicas ?? 0) != (stored.AvailableReplicas ?? 0)
        || status.CurrentRevision != stored.CurrentRevision
        || status.UpdateRevision != stored.UpdateRevision;

    private static int? NullIfZero(int count) => count == 0 ? null : count;
}
