namespace Orleans.StatefulSets.Reconciliation.Scheduling;

/// <summary>What became of one pod's turn at the scheduler.</summary>
public abstract record SchedulingOutcome
{
    /// <summary>The pod goes to this node, and counts there from now on; <see cref="SchedulerSummary.Forget(k8s.Models.V1Pod)"/> if the binding fails.</summary>
    public sealed record Assigned(string NodeName) : SchedulingOutcome;

    /// <summary>No node will do. The message is that of the event and of the pod's condition; try again when something changed.</summary>
    public sealed record Unschedulable(string Message) : SchedulingOutcome
    {
        /// <summary>What <c>status.nominatedNodeName</c> is to be: "" for none, null for what it is.</summary>
        public string? NominatedNode { get; init; }

        /// <summary>The pods on the nominated node that are to make room.</summary>
        public IReadOnlyList<PodIdentity> Victims { get; init; } = [];

        /// <summary>Less important pods that were nominated to that node, and are no more.</summary>
        public IReadOnlyList<PodIdentity> Displaced { get; init; } = [];
    }

    /// <summary>It waits for its scheduling gates to be lifted: condition SchedulingGated, no event.</summary>
    public sealed record Gated : SchedulingOutcome;

    /// <summary>Nothing for this scheduler: it has a node, is going away, has ended, or names another scheduler.</summary>
    public sealed record NotConcerned : SchedulingOutcome;
}

/// <summary>One pod, and no other of that name.</summary>
public sealed record PodIdentity(string Namespace, string Name, string Uid);
