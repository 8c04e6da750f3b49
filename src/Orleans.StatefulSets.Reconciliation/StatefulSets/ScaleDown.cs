namespace Orleans.StatefulSets.Reconciliation.StatefulSets;

/// <summary>Condemned pods, those out of range: OrderedReady from the top one at a time, Parallel all at once.</summary>
internal static class ScaleDown
{
    /// <returns>True when the round goes on to the update.</returns>
    internal static bool Process(PlanDraft draft)
    {
        if (draft.Buckets.Condemned.Count == 0)
        {
            return true;
        }

        GiveClaims(draft);
        if (draft.More)
        {
            return false;
        }

        if (UpdateRules.IsParallel(draft.Set))
        {
            foreach (var ordinal in draft.Bounded(draft.Buckets.CondemnedStanding.Reverse()))
            {
                draft.Delete(ordinal, DeletionReason.Condemned);
            }

            return !draft.More;
        }

        var top = draft.Buckets.Condemned.Max;
        if (MayGo(draft, top))
        {
            draft.Delete(top, DeletionReason.Condemned);
        }

        return false;
    }

    // A pod's claims must be its own before it goes: the garbage collector then takes them with it.
    private static void GiveClaims(PlanDraft draft)
    {
        foreach (var ordinal in draft.Bounded(draft.Pods.Claims.Work.Reverse().Where(draft.Buckets.Condemned.Contains)))
        {
            draft.GiveClaims(draft.Pods.Member(ordinal)!, recordsUpdate: false);
        }
    }

    // All replicas are healthy when this is asked, so the first unhealthy pod is the lowest of the condemned ones.
    private static bool MayGo(PlanDraft draft, int top)
    {
        var pod = draft.Pods.Member(top)!;
        var firstUnhealthy = draft.Buckets.CondemnedUnhealthy.Count > 0 && draft.Buckets.CondemnedUnhealthy.Min == top;
        return !pod.Terminating && (firstUnhealthy || (pod.RunningAndReady && draft.Buckets.IsAvailable(pod)));
    }
}
