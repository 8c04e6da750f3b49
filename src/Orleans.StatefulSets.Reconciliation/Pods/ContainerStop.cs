using k8s.Models;

namespace Orleans.StatefulSets.Reconciliation.Pods;

/// <summary>
/// From the deletionTimestamp to the object's end: the containers stop within the grace period, the pod ends in phase Succeeded or
/// Failed, the grace period is written as 0, and the object goes once no finalizer holds it.
/// </summary>
internal static class ContainerStop
{
    /// <summary>128 + SIGKILL.</summary>
    internal const int KilledExitCode = 137;

    internal static KubeletStep Next(KubeletSituation situation)
    {
        var pod = situation.Pod;
        if (HasEnded(pod, situation.NodeName) || IsForced(pod))
        {
            return Finish(pod);
        }

        if (!HasRunningContainers(pod))
        {
            return End(situation, exitCode: 0);
        }

        if (IsDead(pod, situation.BootedAt))
        {
            return End(situation with { StopAnnounced = true }, ContainerRestarts.LostExitCode);
        }

        var stop = StopOf(situation);
        if (situation.Now >= stop.At)
        {
            return End(situation, stop.ExitCode);
        }

        return new KubeletStep
        {
            DueAt = stop.At,
            Events = situation.StopAnnounced ? [] : KubeletEvents.OfStop(pod, situation.NodeName),
            AnnouncedStop = !situation.StopAnnounced,
        };
    }

    private static bool HasEnded(V1Pod pod, string? nodeName) => string.IsNullOrEmpty(nodeName) || PodReadiness.IsTerminal(pod);

    /// <summary>Nobody waits for a pod deleted without grace, unless a finalizer keeps its object anyway.</summary>
    private static bool IsForced(V1Pod pod) => IsGraceZero(pod) && !HasFinalizers(pod);

    private static bool IsGraceZero(V1Pod pod) => pod.Metadata.DeletionGracePeriodSeconds == 0;

    private static bool HasFinalizers(V1Pod pod) => pod.Metadata.Finalizers is { Count: > 0 };

    private static bool HasRunningContainers(V1Pod pod) => AllStatuses(pod).Any(IsRunning);

    private static bool IsRunning(V1ContainerStatus status) => status.State?.Running is not null;

    // What ran before the machine came up again has nothing left to stop.
    private static bool IsDead(V1Pod pod, DateTime? bootedAt) =>
        bootedAt is not null && AllStatuses(pod).Where(IsRunning).All(status => status.State.Running.StartedAt < bootedAt);

    private static IEnumerable<V1ContainerStatus> AllStatuses(V1Pod pod) =>
        (pod.Status?.InitContainerStatuses ?? []).Concat(pod.Status?.ContainerStatuses ?? []);

    private static KubeletStep Finish(V1Pod pod)
    {
        if (!IsGraceZero(pod))
        {
            return new KubeletStep { Deletion = FinalDeletion.MarkGraceZero };
        }

        return HasFinalizers(pod) ? KubeletStep.Nothing : new KubeletStep { Deletion = FinalDeletion.Remove };
    }

    // The deletionTimestamp is the moment of the request plus the grace period; a second request that shortens the grace moves both.
    private static (DateTime At, int ExitCode) StopOf(KubeletSituation situation)
    {
        var deadline = situation.Pod.Metadata.DeletionTimestamp!.Value;
        var asked = deadline.AddSeconds(-(situation.Pod.Metadata.DeletionGracePeriodSeconds ?? 0));
        var stopped = WholeSeconds.Exact(asked, situation.Since) + situation.Latencies.GracefulStop;
        var isKilled = asked + situation.Latencies.GracefulStop > deadline;
        return isKilled ? (deadline, KilledExitCode) : (stopped, 0);
    }

    private static KubeletStep End(KubeletSituation situation, int exitCode)
    {
        var pod = situation.Pod;
        var now = WholeSeconds.Of(situation.Now);
        var before = pod.Status?.StartTime is null ? PodStart.FirstStatus(situation, now) : pod.Status;
        var isInitialized = InitContainers.Next(pod) is null;
        var containers = before.ContainerStatuses.Select(status => End(status, exitCode, isInitialized, now)).ToList();
        var inits = before.InitContainerStatuses?.Select(status => End(status, exitCode, isInitialized, now)).ToList();
        var succeeded = containers.All(status => status.State?.Terminated?.ExitCode == 0);
        var ended = before with
        {
            Phase = succeeded ? "Succeeded" : "Failed",
            ContainerStatuses = containers,
            InitContainerStatuses = inits,
        };
        return new KubeletStep
        {
            Status = ended with { Conditions = PodConditions.Next(pod, ended, sandboxReady: false, now) },
            Events = situation.StopAnnounced ? [] : KubeletEvents.OfStop(pod, situation.NodeName),
        };
    }

    // Containers of a pod whose init containers never got done had no chance to start: they keep waiting, as upstream leaves them.
    private static V1ContainerStatus End(V1ContainerStatus status, int exitCode, bool isInitialized, DateTime now) => status switch
    {
        { State.Running: not null } => ContainerStatuses.Ended(status, exitCode, now),
        { State.Waiting: not null, LastState.Terminated: { } ended } => ContainerStatuses.EndedBefore(status, ended),
        { State.Waiting: not null } when isInitialized => ContainerStatuses.NeverRan(status),
        _ => status,
    };
}
