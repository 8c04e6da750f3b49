using Orleans.StatefulSets.Reconciliation.Revisions;

namespace Orleans.StatefulSets.Reconciliation.StatefulSets;

/// <summary>What a StatefulSet does next, from its summary: the cost is that of the plan, not of the number of pods.</summary>
public static class StatefulSetDecision
{
    /// <summary>At most about this many pods stand in one plan's lists; the rest follows, see <see cref="StatefulSetPlan.More"/>.</summary>
    public const int MostPerPlan = 500;

    /// <summary>
    /// Decides by the rules of upstream's <c>stateful_set_control.go</c>. The same situation gives the same plan; the summary only takes note
    /// of the set's spec and of the time.
    /// </summary>
    public static StatefulSetPlan Decide(StatefulSetSituation situation)
    {
        var set = situation.Set;
        var revisions = RevisionDecision.Decide(set, situation.Revisions, situation.FindRevision);
        var frame = SetFrame.Of(set, revisions.Update.Metadata.Name);
        var pods = situation.Pods;
        pods.Prepare(set, frame, situation.Now);
        if (!frame.Deleting)
        {
            revisions = revisions with { Prune = RevisionDecision.Prune(set, situation.Revisions, revisions, pods.Buckets.IsReferenced) };
        }

        var draft = new PlanDraft(set, frame, pods, revisions);
        if (!frame.Deleting)
        {
            Act(draft);
        }

        var status = StatusRules.Status(set, revisions, Count(pods.Buckets, revisions, draft.DeletedForUpdate));
        return draft.Finish(status, situation.Now);
    }

    private static void Act(PlanDraft draft)
    {
        draft.ClaimPods();
        var replicasDone = UpdateRules.IsParallel(draft.Set) ? ParallelReplicas.Process(draft) : OrderedReplicas.Process(draft);
        if (replicasDone && ScaleDown.Process(draft) && !UpdateRules.IsOnDelete(draft.Set))
        {
            RollingUpdate.Process(draft);
        }
    }

    private static ReplicaCounts Count(PodBuckets buckets, RevisionPlan revisions, int deletedForUpdate) => new(
        buckets.Created,
        buckets.Ready,
        buckets.Available,
        buckets.Active(revisions.Current.Metadata.Name) - deletedForUpdate,
        buckets.Active(revisions.Update.Metadata.Name));
}
