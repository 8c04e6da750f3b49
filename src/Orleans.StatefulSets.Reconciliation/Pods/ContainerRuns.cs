using k8s.Models;

namespace Orleans.StatefulSets.Reconciliation.Pods;

/// <summary>What the runtime's word on a container means for its next step.</summary>
internal static class ContainerRuns
{
    private static readonly TimeSpan RetryAfter = TimeSpan.FromSeconds(10);

    internal static bool IsReal(KubeletSituation situation, string container) => situation.RunForReal.Contains(container);

    /// <summary>The runtime's word on an instance; null where it knows none.</summary>
    internal static ContainerRun? Find(KubeletSituation situation, string container, int restarts) =>
        situation.Runs.TryGetValue(container, out var run) && run.Restarts == restarts ? run : null;

    /// <summary>What must happen before an instance may be said to run; null where it runs, or is none of the runtime's.</summary>
    internal static ContainerChange? BeforeStart(KubeletSituation situation, V1Container container, V1ContainerStatus status, int restarts)
    {
        if (!IsReal(situation, container.Name))
        {
            return null;
        }

        var start = new ContainerChange { Action = new ContainerAction(container.Name, ContainerVerb.Start, restarts) };
        return Find(situation, container.Name, restarts) switch
        {
            null => start,
            { Problem: { } reason } run => Overdue(situation, run) >= TimeSpan.Zero ? start : Wait(situation, status, run, reason),
            { IsStarting: true } => ContainerChange.None,
            _ => null,
        };
    }

    /// <summary>An instance that the runtime is still making, or is yet to make.</summary>
    internal static bool IsUnderWay(KubeletSituation situation, string container, int restarts) =>
        IsReal(situation, container) && Find(situation, container, restarts) is null or { IsStarting: true };

    /// <summary>An instance that really runs: only its runtime will know when it ends.</summary>
    internal static bool IsAlive(KubeletSituation situation, V1ContainerStatus status) =>
        status.State?.Running is not null && IsReal(situation, status.Name) && Find(situation, status.Name, status.RestartCount) is { Exit: null };

    /// <summary>Asks those to end that were not asked before.</summary>
    internal static IEnumerable<ContainerAction> Stops(KubeletSituation situation, IEnumerable<V1ContainerStatus> alive) => alive
        .Where(status => Find(situation, status.Name, status.RestartCount) is { IsStopping: false })
        .Select(status => new ContainerAction(status.Name, ContainerVerb.Stop, status.RestartCount));

    /// <summary>A running container as its probes see it. An init container that is no sidecar is not there to be ready.</summary>
    internal static V1ContainerStatus Probed(KubeletSituation situation, V1Container container, V1ContainerStatus running, int restarts, bool isInit)
    {
        var canBeReady = !isInit || InitContainers.IsSidecar(container);
        var (started, ready) = IsReal(situation, running.Name) && Find(situation, running.Name, restarts) is { Exit: null } run
            ? (run.Started, run.Ready && canBeReady)
            : (running.Started, running.Ready && canBeReady);
        return ready != running.Ready || started != running.Started ? running with { Ready = ready, Started = started } : running;
    }

    private static TimeSpan Overdue(KubeletSituation situation, ContainerRun run) => situation.Now - ((run.ProblemAt ?? situation.Now) + RetryAfter);

    private static ContainerChange Wait(KubeletSituation situation, V1ContainerStatus status, ContainerRun run, string reason)
    {
        var waiting = status.State?.Waiting;
        return waiting?.Reason == reason && waiting.Message == run.ProblemMessage
            ? new ContainerChange { DueAt = (run.ProblemAt ?? situation.Now) + RetryAfter }
            : new ContainerChange
            {
                Status = ContainerStatuses.Waiting(status, reason, run.ProblemMessage),
                Events = run.ProblemMessage is { } message ? [KubeletEvents.Failed(situation.Pod, status.Name, situation.NodeName, message)] : [],
            };
    }
}
