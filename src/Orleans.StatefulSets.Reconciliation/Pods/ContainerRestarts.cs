using k8s.Models;
using Orleans.StatefulSets.Reconciliation.Events;

namespace Orleans.StatefulSets.Reconciliation.Pods;

/// <summary>What becomes of one container next: the status to write, what to tell, or when to ask again.</summary>
internal sealed record ContainerChange
{
    internal static ContainerChange None { get; } = new();

    internal V1ContainerStatus? Status { get; init; }

    internal IReadOnlyList<ObjectEvent> Events { get; init; } = [];

    internal DateTime? DueAt { get; init; }

    /// <summary>The container starts (again), and needs the pod's sandbox with its address.</summary>
    internal bool Starts { get; init; }

    /// <summary>Its image was tried in vain.</summary>
    internal bool PullFailed { get; init; }

    /// <summary>It ran long enough to be forgiven its earlier ends.</summary>
    internal bool Forgiven { get; init; }

    /// <summary>What the runtime is to do first.</summary>
    internal ContainerAction? Action { get; init; }
}

/// <summary>
/// A container that ends is started again as the restartPolicy says, at once at first, then after 10 s, 20 s and so on up to 5 minutes
/// (<c>pkg/kubelet/kuberuntime</c>, doBackOff); one that ran for 10 minutes begins again with none.
/// </summary>
internal static class ContainerRestarts
{
    internal const string CrashLoop = "CrashLoopBackOff";

    /// <summary>The kubelet found the container dead after the machine came up again.</summary>
    internal const int LostExitCode = 255;

    private static readonly TimeSpan FirstBackOff = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan MostBackOff = TimeSpan.FromMinutes(5);
    private static readonly TimeSpan Forgiveness = TimeSpan.FromMinutes(10);

    internal static ContainerChange Next(KubeletSituation situation, V1Container container, V1ContainerStatus status, bool isInit)
    {
        if (status.State?.Running is { } running)
        {
            return Run(situation, container, status, running.StartedAt ?? situation.Now, isInit);
        }

        return LastEnd(status) is { } ended && IsRestarted(situation.Pod, container, ended, isInit)
            ? Restart(situation, container, status, ended, isInit)
            : ContainerChange.None;
    }

    /// <summary>How a container that does not run ended: also while it waits for its next start.</summary>
    internal static V1ContainerStateTerminated? LastEnd(V1ContainerStatus status) =>
        status.State?.Terminated ?? (status.State?.Waiting is null ? null : status.LastState?.Terminated);

    internal static bool IsRestarted(V1Pod pod, V1Container container, V1ContainerStateTerminated ended, bool isInit) =>
        (InitContainers.IsSidecar(container) ? "Always" : pod.Spec.RestartPolicy ?? "Always") switch
        {
            "Always" => ended.ExitCode != 0 || !isInit || InitContainers.IsSidecar(container),
            "OnFailure" => ended.ExitCode != 0,
            _ => false,
        };

    /// <summary>The wait before a restart.</summary>
    /// <param name="restarts">How often it was restarted since it was forgiven.</param>
    internal static TimeSpan BackOff(int restarts)
    {
        if (restarts <= 0)
        {
            return TimeSpan.Zero;
        }

        var doubled = FirstBackOff * Math.Pow(2, Math.Min(restarts - 1, 10));
        return doubled < MostBackOff ? doubled : MostBackOff;
    }

    private static ContainerChange Run(KubeletSituation situation, V1Container container, V1ContainerStatus status, DateTime started, bool isInit)
    {
        if (situation.BootedAt > started)
        {
            return new ContainerChange { Status = ContainerStatuses.Lost(status, LostExitCode, WholeSeconds.Of(situation.Now)) };
        }

        if (ContainerRuns.IsReal(situation, container.Name))
        {
            return RunForReal(situation, container, status, isInit);
        }

        if (situation.Killed?.TryGetValue(container.Name, out var killed) == true && killed == status.RestartCount)
        {
            return new ContainerChange { Status = ContainerStatuses.Ended(status, ContainerStop.KilledExitCode, WholeSeconds.Of(situation.Now)) };
        }

        var program = ContainerProgram.Of(container, isInit);
        if (program.RunsFor is not { } takes)
        {
            return ContainerChange.None;
        }

        var ends = WholeSeconds.Exact(started, situation.Since) + takes;
        return situation.Now < ends
            ? new ContainerChange { DueAt = ends }
            : new ContainerChange { Status = ContainerStatuses.Ended(status, program.ExitCode, WholeSeconds.Of(situation.Now)) };
    }

    // A runtime that knows nothing of a container that ran has lost it, with its node's process.
    private static ContainerChange RunForReal(KubeletSituation situation, V1Container container, V1ContainerStatus status, bool isInit)
    {
        var now = WholeSeconds.Of(situation.Now);
        return ContainerRuns.Find(situation, status.Name, status.RestartCount) switch
        {
            null => new ContainerChange { Status = ContainerStatuses.Lost(status, LostExitCode, now) },
            { Exit: { } exit } => new ContainerChange { Status = ContainerStatuses.Ended(status, exit, now) },
            _ => ContainerRuns.Probed(situation, container, status, status.RestartCount, isInit) is var probed && ReferenceEquals(probed, status)
                ? ContainerChange.None
                : new ContainerChange { Status = probed },
        };
    }

    private static ContainerChange Restart(KubeletSituation situation, V1Container container, V1ContainerStatus status, V1ContainerStateTerminated ended, bool isInit)
    {
        var forgiven = ended.FinishedAt - ended.StartedAt >= Forgiveness;
        var forgivenAt = forgiven ? status.RestartCount : situation.ForgivenAt?.GetValueOrDefault(container.Name) ?? 0;
        var backOff = BackOff(status.RestartCount - forgivenAt);
        var finished = ended.FinishedAt ?? situation.Now;
        if (backOff > TimeSpan.Zero && situation.Now < finished + backOff && status.State?.Terminated is not null)
        {
            return new ContainerChange
            {
                Status = ContainerStatuses.BackingOff(situation.Pod, status, KubeletEvents.GoDuration(backOff)),
                Events = [KubeletEvents.BackOff(situation.Pod, container.Name, situation.NodeName)],
            };
        }

        var starts = WholeSeconds.Exact(finished, situation.Since) + backOff + situation.Latencies.ContainerStart;
        return situation.Now < starts
            ? new ContainerChange { DueAt = starts }
            : ContainerRuns.BeforeStart(situation, container, status, status.RestartCount + 1) ?? new ContainerChange
            {
                Status = ContainerRuns.Probed(
                    situation,
                    container,
                    ContainerStatuses.Running(situation.Pod, container, WholeSeconds.Of(situation.Now), status.RestartCount + 1, ended),
                    status.RestartCount + 1,
                    isInit),
                Events = KubeletEvents.OfStart(container, situation with { ImagePresent = true, PullAnnounced = false }),
                Starts = true,
                Forgiven = forgiven,
            };
    }
}
