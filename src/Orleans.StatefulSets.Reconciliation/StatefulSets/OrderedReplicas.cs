namespace Orleans.StatefulSets.Reconciliation.StatefulSets;

/// <summary>OrderedReady: ordinals ascending, up to the first that is not there, terminating, not Running and Ready, or not available.</summary>
internal static class OrderedReplicas
{
    /// <returns>True when all replicas are as they should be, and the round goes on.</returns>
    internal static bool Process(PlanDraft draft)
    {
        var stop = First(draft);
        foreach (var ordinal in draft.Bounded(WantingCare(draft).TakeWhile(ordinal => stop is null || ordinal < stop)))
        {
            draft.Mend(ordinal);
        }

        if (stop is null)
        {
            return !draft.More;
        }

        Stop(draft, stop.Value);
        return false;
    }

    private static int? First(PlanDraft draft) => (draft.Buckets.Missing.First, draft.Buckets.Blocking.Count) switch
    {
        (null, 0) => null,
        (null, _) => draft.Buckets.Blocking.Min,
        ({ } missing, 0) => missing,
        ({ } missing, _) => Math.Min(missing, draft.Buckets.Blocking.Min),
    };

    private static void Stop(PlanDraft draft, int ordinal)
    {
        if (draft.Pods.Member(ordinal) is not { } pod)
        {
            draft.Create(ordinal);
        }
        else if (pod.Finished && !pod.Terminating)
        {
            draft.Delete(ordinal, DeletionReason.Finished);
        }
        else if (pod.Phase == "Pending")
        {
            draft.Mend(ordinal);
        }
    }

    /// <summary>Ordinals in range with a pod or a claim to put right, ascending.</summary>
    internal static IEnumerable<int> WantingCare(PlanDraft draft)
    {
        var claims = draft.Pods.Claims.Work;
        if (claims.Count == 0 || draft.Frame.End < draft.Frame.Start)
        {
            return draft.Buckets.Misfit;
        }

        var inRange = claims.GetViewBetween(draft.Frame.Start, draft.Frame.End);
        return draft.Buckets.Misfit.Count == 0 ? inRange : inRange.Union(draft.Buckets.Misfit).Order();
    }
}
