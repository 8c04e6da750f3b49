using Orleans.StatefulSets.Resources.Faults;

namespace Orleans.StatefulSets.Reconciliation.Faults;

/// <summary>What becomes of a Fault: it waits for its moment, happens, and is undone when its time is over or it is deleted.</summary>
public static class FaultDecision
{
    public static FaultStep Next(FaultSituation situation)
    {
        var fault = situation.Fault;
        if (fault.Metadata.DeletionTimestamp is not null)
        {
            return Go(fault);
        }

        return fault.Status?.Phase switch
        {
            FaultPhases.Finished => new FaultStep(),
            FaultPhases.Active when fault.Status.StartedAt is { } started => GoOn(situation, started),
            _ => Begin(situation),
        };
    }

    /// <summary>A time that it was asked for: it happens once more, where it happens at all.</summary>
    /// <returns>The next revision; null where it does not happen (any more).</returns>
    public static V1alpha1Fault? Grant(V1alpha1Fault fault, DateTime now)
    {
        if (!new ArmedFault(fault).HappensAt(now) || fault.Status!.Injections >= fault.Spec.Count)
        {
            return null;
        }

        var counted = Count(fault, 1);
        return counted.Status!.Injections >= fault.Spec.Count ? FaultStatuses.Finish(counted, FaultStatuses.CountReached, now) : counted;
    }

    /// <summary>It happened so many times more, which nobody had to ask for.</summary>
    public static V1alpha1Fault Count(V1alpha1Fault fault, int times) => fault with
    {
        Status = (fault.Status ?? new V1alpha1FaultStatus()) with { Injections = (int)Math.Min(int.MaxValue, (long)(fault.Status?.Injections ?? 0) + times) },
    };

    private static FaultStep Begin(FaultSituation situation)
    {
        var start = FaultTimes.StartOf(situation.Fault, situation.Now);
        if (situation.Now < start)
        {
            return new FaultStep { DueAt = start };
        }

        IReadOnlyList<V1alpha1FaultNode> nodes = FaultActions.HitsNodes(situation.Fault.Spec.Action) ? FaultedNodes.Choose(situation) : [];
        return new FaultStep
        {
            Next = FaultStatuses.Begin(situation.Fault, nodes, situation.Now),
            Events = [FaultEvents.Began(situation.Fault, nodes)],
        };
    }

    private static FaultStep GoOn(FaultSituation situation, DateTime started)
    {
        var fault = situation.Fault;
        var ends = FaultTimes.EndOf(fault);
        if (ends <= situation.Now)
        {
            return new FaultStep
            {
                Lift = LiftedBy(fault),
                Next = FaultStatuses.Finish(fault, FaultStatuses.TimeIsOver, situation.Now),
                Events = [FaultEvents.Ended(fault)],
            };
        }

        return fault.Spec.Action == FaultActions.ContainerKill ? ContainerKills.Next(situation, started, ends)
            : FaultActions.HitsNodes(fault.Spec.Action) ? FaultedNodes.Next(situation, ends)
            : new FaultStep { DueAt = ends };
    }

    // The Fault goes only when its nodes are as they were.
    private static FaultStep Go(V1alpha1Fault fault)
    {
        if (fault.Metadata.Finalizers?.Contains(FaultFinalizer.Name) != true)
        {
            return new FaultStep();
        }

        var left = fault.Metadata.Finalizers.Where(finalizer => finalizer != FaultFinalizer.Name).ToList();
        return new FaultStep
        {
            Lift = fault.Status?.Phase == FaultPhases.Active ? LiftedBy(fault) : [],
            Next = fault with { Metadata = fault.Metadata with { Finalizers = left.Count == 0 ? null : left } },
            Removed = left.Count == 0,
        };
    }

    private static IReadOnlyList<V1alpha1FaultNode> LiftedBy(V1alpha1Fault fault) =>
        FaultActions.HitsNodes(fault.Spec.Action) ? [.. (fault.Status?.Nodes ?? []).Where(node => !string.IsNullOrEmpty(node.Name))] : [];
}
