namespace Orleans.StatefulSets.Reconciliation.StatefulSets;

/// <summary>
/// Pods of another revision go, from the highest ordinal down to the partition: one at a time while everything above is healthy,
/// or up to maxUnavailable where the spec gives it (upstream <c>updateStatefulSetAfterInvariantEstablished</c>).
/// </summary>
internal static class RollingUpdate
{
    internal static void Process(PlanDraft draft)
    {
        var floor = UpdateRules.UpdateFloor(draft.Set);
        if (UpdateRules.MaxUnavailable(draft.Set) is { } most)
        {
            DeleteSeveral(draft, floor, most);
        }
        else
        {
            DeleteOne(draft, floor);
        }
    }

    private static void DeleteOne(PlanDraft draft, long floor)
    {
        var buckets = draft.Buckets;
        if (buckets.Stale.Count == 0 || buckets.Stale.Max < floor)
        {
            return;
        }

        var stale = buckets.Stale.Max;
        var unhealthyAbove = (buckets.Unhealthy.Count > 0 && buckets.Unhealthy.Max > stale) || buckets.Missing.Last > stale;
        if (!unhealthyAbove)
        {
            draft.Delete(stale, DeletionReason.Update);
        }
    }

    private static void DeleteSeveral(PlanDraft draft, long floor, int most)
    {
        var unavailable = draft.Buckets.Unhealthy.Count + draft.Buckets.Missing.Count;
        var room = (int)Math.Max(0, most - unavailable);
        foreach (var ordinal in draft.Bounded(draft.Buckets.Stale.Reverse().TakeWhile(ordinal => ordinal >= floor).Take(room)))
        {
            draft.Delete(ordinal, DeletionReason.Update);
        }
    }
}
