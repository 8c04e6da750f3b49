using k8s.Models;
using Orleans.StatefulSets.Reconciliation.Events;

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
            return End(situation, _ => new ContainerExit(0));
        }

        if (IsDead(pod, situation.BootedAt))
        {
            return End(situation with { StopAnnounced = true }, _ => new ContainerExit(ContainerRestarts.LostExitCode));
        }

        var running = AllStatuses(pod).Where(IsRunning).ToList();
        var stops = running.ToDictionary(status => status.Name, status => StopOf(situation, status));
        if (stops.Values.Any(stop => stop.At is null))
        {
            return Await(situation, running, stops);
        }

        var last = stops.Values.Max(stop => stop.At)!.Value;
        if (situation.Now >= last)
        {
            return End(situation, status => stops.TryGetValue(status.Name, out var stop) ? stop.Exit : new ContainerExit(0));
        }

        return new KubeletStep
        {
            DueAt = last,
            Events = situation.StopAnnounced ? [] : Stopping(situation, running),
            AnnouncedStop = !situation.StopAnnounced,
        };
    }

    // What really runs is asked to end, and made to when the grace period is over.
    private static KubeletStep Await(KubeletSituation situation, List<V1ContainerStatus> running, Dictionary<string, (DateTime? At, ContainerExit Exit)> stops)
    {
        var deadline = situation.Pod.Metadata.DeletionTimestamp!.Value;
        var alive = running.Where(status => stops[status.Name].At is null).ToList();
        if (situation.Now >= deadline)
        {
            return situation.KillAnnounced ? KubeletStep.Nothing : new KubeletStep
            {
                AnnouncedKill = true,
                Events = situation.StopAnnounced ? [] : Stopping(situation, running),
                AnnouncedStop = !situation.StopAnnounced,
                Actions = [.. alive.Select(status => new ContainerAction(status.Name, ContainerVerb.Kill, status.RestartCount))],
            };
        }

        var turn = Turn(situation, running, stops);
        List<ContainerAction> actions = [.. ContainerRuns.Stops(situation, turn)];
        return new KubeletStep
        {
            DueAt = stops.Values.Select(stop => stop.At).Append(deadline).Where(at => at > situation.Now).Min(),
            Events = Stopping(situation, running.Where(status => situation.StopAnnounced
                ? actions.Exists(action => action.Container == status.Name)
                : turn.Contains(status) || !alive.Contains(status))),
            AnnouncedStop = !situation.StopAnnounced,
            Actions = actions,
        };
    }

    // Sidecars serve to the last: they are asked when all that they serve has ended, one by one against the order of the spec.
    private static List<V1ContainerStatus> Turn(KubeletSituation situation, List<V1ContainerStatus> running, Dictionary<string, (DateTime? At, ContainerExit Exit)> stops)
    {
        var sidecars = (situation.Pod.Spec.InitContainers ?? []).Where(InitContainers.IsSidecar).Select(sidecar => sidecar.Name).ToHashSet();
        var served = running.Where(status => !sidecars.Contains(status.Name)).ToList();
        return served.Exists(status => !(stops[status.Name].At <= situation.Now))
            ? served.FindAll(status => stops[status.Name].At is null)
            : [.. running.Where(status => stops[status.Name].At is null).TakeLast(1)];
    }

    private static IReadOnlyList<ObjectEvent> Stopping(KubeletSituation situation, IEnumerable<V1ContainerStatus> running) =>
        [.. running.Select(status => KubeletEvents.Stopping(situation.Pod, status.Name, situation.NodeName))];

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

    /// <summary>When a running container ends, and how; no moment where only its runtime will know.</summary>
    private static (DateTime? At, ContainerExit Exit) StopOf(KubeletSituation situation, V1ContainerStatus status)
    {
        if (ContainerRuns.IsReal(situation, status.Name))
        {
            return ContainerRuns.Find(situation, status.Name, status.RestartCount) switch
            {
                null => (DateTime.MinValue, new ContainerExit(KilledExitCode)),
                { Exit: { } exit } => (DateTime.MinValue, exit),
                _ => (null, new ContainerExit(0)),
            };
        }

        // The deletionTimestamp is the moment of the request plus the grace period; a second request that shortens the grace moves both.
        var deadline = situation.Pod.Metadata.DeletionTimestamp!.Value;
        var asked = deadline.AddSeconds(-(situation.Pod.Metadata.DeletionGracePeriodSeconds ?? 0));
        var stopped = WholeSeconds.Exact(asked, situation.Since) + situation.Latencies.GracefulStop;
        if (ProgramOf(situation.Pod, status.Name) is { IgnoresTerm: true } program)
        {
            // A container's first process is shielded from signals that it does not handle, as sleep does not.
            var ends = status.State.Running.StartedAt + program.RunsFor;
            return ends < deadline ? (ends > stopped ? ends : stopped, new ContainerExit(program.ExitCode)) : (deadline, new ContainerExit(KilledExitCode));
        }

        return asked + situation.Latencies.GracefulStop > deadline ? (deadline, new ContainerExit(KilledExitCode)) : (stopped, new ContainerExit(0));
    }

    private static ContainerProgram? ProgramOf(V1Pod pod, string name) =>
        pod.Spec.Containers.FirstOrDefault(container => container.Name == name) is { } container ? ContainerProgram.Of(container, isInit: false)
        : pod.Spec.InitContainers?.FirstOrDefault(container => container.Name == name) is { } init ? ContainerProgram.Of(init, isInit: true)
        : null;

    private static KubeletStep End(KubeletSituation situation, Func<V1ContainerStatus, ContainerExit> exitOf)
    {
        var pod = situation.Pod;
        var now = WholeSeconds.Of(situation.Now);
        var before = pod.Status?.StartTime is null ? PodStart.FirstStatus(situation, now) : pod.Status;
        var isInitialized = InitContainers.Next(pod) is null;
        var containers = before.ContainerStatuses.Select(status => End(status, exitOf, isInitialized, now)).ToList();
        var inits = before.InitContainerStatuses?.Select(status => End(status, exitOf, isInitialized, now)).ToList();
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
            Events = situation.StopAnnounced ? [] : Stopping(situation, AllStatuses(pod).Where(IsRunning)),
        };
    }

    // Containers of a pod whose init containers never got done had no chance to start: they keep waiting, as upstream leaves them.
    private static V1ContainerStatus End(V1ContainerStatus status, Func<V1ContainerStatus, ContainerExit> exitOf, bool isInitialized, DateTime now) => status switch
    {
        { State.Running: not null } => ContainerStatuses.Ended(status, exitOf(status), now),
        { State.Waiting: not null, LastState.Terminated: { } ended } => ContainerStatuses.EndedBefore(status, ended),
        { State.Waiting: not null } when isInitialized => ContainerStatuses.NeverRan(status),
        _ => status,
    };
}
