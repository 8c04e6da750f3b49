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

    /// <summary>A running container as its probes see it.</summary>
    internal static V1ContainerStatus Probed(KubeletSituation situation, V1ContainerStatus running, int restarts) =>
        IsReal(situation, running.Name) && Find(situation, running.Name, restarts) is { Exit: null } run && (run.Ready != running.Ready || run.Started != running.Started)
            ? running with { Ready = run.Ready, Started = run.Started }
            : running;

    private static TimeSpan Overdue(KubeletSituation situation, ContainerRun run) => situation.Now - ((run.ProblemAt ?? situation.Now) + RetryAfter);

    private static ContainerChange Wait(KubeletSituation situation, V1ContainerStatus status, ContainerRun run, string reason)
    {
        var waiting = status.State?.Waiting;
        return waiting?.Reason == reason && waiting.Message == run.ProblemMessage
            ? new ContainerChange { DueAt = (run.ProblemAt ?? situation.Now) + RetryAfter }
            : new ContainerChange
            {
                Status = status with { State = new V1ContainerState { Waiting = new V1ContainerStateWaiting { Reason = reason, Message = run.ProblemMessage } } },
                Events = [KubeletEvents.Failed(situation.Pod, status.Name, situation.NodeName, run.ProblemMessage ?? reason)],
            };
    }
}
