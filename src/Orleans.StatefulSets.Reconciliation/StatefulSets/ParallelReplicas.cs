namespace Orleans.StatefulSets.Reconciliation.StatefulSets;

/// <summary>
/// Parallel: every ordinal at once. Upstream goes through them in batches of 1, 2, 4 … 500 and stops after a batch with an error, so an
/// ordinal that cannot be created holds up those of later batches, the scale-down and the update.
/// </summary>
internal static class ParallelReplicas
{
    private const int LargestBatch = 500;

    /// <returns>True when no ordinal failed and nothing is left for a next plan.</returns>
    internal static bool Process(PlanDraft draft)
    {
        var failing = FirstFailing(draft);
        var last = failing is null ? int.MaxValue : LastOfBatch(draft.Frame.Start, failing.Value);
        foreach (var ordinal in draft.Bounded(draft.Buckets.Finished.TakeWhile(ordinal => ordinal <= last)))
        {
            draft.Delete(ordinal, DeletionReason.Finished);
        }

        foreach (var ordinal in draft.Bounded(draft.Buckets.Missing.Ascending().TakeWhile(ordinal => ordinal <= last)))
        {
            draft.Create(ordinal);
        }

        var care = OrderedReplicas.WantingCare(draft).TakeWhile(ordinal => ordinal <= last).Where(ordinal => !draft.Pods.Member(ordinal)!.Finished);
        foreach (var ordinal in draft.Bounded(care))
        {
            draft.Mend(ordinal);
        }

        return failing is null && !draft.More;
    }

    private static int? FirstFailing(PlanDraft draft)
    {
        if (draft.Buckets.Obstacles.Count + draft.Pods.Claims.Terminating.Count == 0)
        {
            return null;
        }

        foreach (var ordinal in draft.Buckets.Obstacles.Union(draft.Pods.Claims.Terminating).Where(draft.Frame.InRange).Order())
        {
            if (draft.Fails(ordinal))
            {
                return ordinal;
            }
        }

        return null;
    }

    private static int LastOfBatch(int start, int ordinal)
    {
        long first = start;
        for (var size = 1; ; size = Math.Min(2 * size, LargestBatch))
        {
            if (ordinal < first + size)
            {
                return (int)Math.Min(int.MaxValue, first + size - 1);
            }

            first += size;
        }
    }
}
