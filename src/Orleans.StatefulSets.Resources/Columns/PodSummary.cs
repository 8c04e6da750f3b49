using k8s.Models;

namespace Orleans.StatefulSets.Resources.Columns;

/// <summary>What a pod's READY, STATUS and RESTARTS come to, in printPod's order of precedence.</summary>
internal sealed record PodSummary
{
    public required string Status { get; init; }

    public required int Ready { get; init; }

    public required int Total { get; init; }

    public required int Restarts { get; init; }

    public DateTime? LastRestart { get; init; }

    public static PodSummary Of(V1Pod pod)
    {
        var sidecars = pod.Spec?.InitContainers?.Where(container => container.RestartPolicy == "Always").Select(container => container.Name).ToHashSet();
        var start = new PodSummary
        {
            Status = BaseReason(pod),
            Ready = 0,
            Total = (pod.Spec?.Containers?.Count ?? 0) + (sidecars?.Count ?? 0),
            Restarts = 0,
        };
        var (initial, isInitializing) = Initialization(pod, start, sidecars);
        var summary = isInitializing && !HasCondition(pod, "Initialized") ? initial : Running(pod, initial, sidecars);
        return summary with { Status = Deletion(pod, summary.Status) };
    }

    private static string BaseReason(V1Pod pod)
    {
        var isGated = pod.Status?.Conditions?.Any(condition => condition is { Type: "PodScheduled", Reason: "SchedulingGated" }) == true;
        return isGated ? "SchedulingGated" : !string.IsNullOrEmpty(pod.Status?.Reason) ? pod.Status.Reason : pod.Status?.Phase ?? "";
    }

    // The first init container that has not done its work says what the pod is doing.
    private static (PodSummary Summary, bool IsInitializing) Initialization(V1Pod pod, PodSummary summary, HashSet<string>? sidecars)
    {
        for (var index = 0; index < pod.Status?.InitContainerStatuses?.Count; index++)
        {
            var status = pod.Status.InitContainerStatuses[index];
            summary = summary with
            {
                Restarts = summary.Restarts + status.RestartCount,
                LastRestart = Later(summary.LastRestart, status.LastState?.Terminated?.FinishedAt),
            };
            if (status.State?.Terminated is { ExitCode: 0 })
            {
                continue;
            }

            if (sidecars?.Contains(status.Name) == true && status.Started == true)
            {
                summary = status.Ready ? summary with { Ready = summary.Ready + 1 } : summary;
                continue;
            }

            return (summary with { Status = InitReason(status.State, index, pod.Spec?.InitContainers?.Count ?? 0) }, true);
        }

        return (summary, false);
    }

    private static string InitReason(V1ContainerState? state, int index, int count)
    {
        if (state?.Terminated is { } ended)
        {
            return "Init:" + EndReason(ended);
        }

        return state?.Waiting is { Reason: not (null or "" or "PodInitializing") } waiting ? "Init:" + waiting.Reason : $"Init:{index}/{count}";
    }

    // Once initialized, only the restarts of what still runs count: sidecars and the containers themselves.
    private static PodSummary Running(V1Pod pod, PodSummary initial, HashSet<string>? sidecars)
    {
        var summary = initial with { Restarts = 0, LastRestart = null };
        foreach (var sidecar in pod.Status?.InitContainerStatuses?.Where(status => sidecars?.Contains(status.Name) == true) ?? [])
        {
            summary = WithRestarts(summary, sidecar);
        }

        var hasRunning = false;
        for (var index = (pod.Status?.ContainerStatuses?.Count ?? 0) - 1; index >= 0; index--)
        {
            var status = pod.Status!.ContainerStatuses[index];
            summary = WithRestarts(summary, status);
            if (status.State?.Waiting is { Reason: not (null or "") } waiting)
            {
                summary = summary with { Status = waiting.Reason };
            }
            else if (status.State?.Terminated is { } ended)
            {
                summary = summary with { Status = EndReason(ended) };
            }
            else if (status is { Ready: true, State.Running: not null })
            {
                hasRunning = true;
                summary = summary with { Ready = summary.Ready + 1 };
            }
        }

        var isPartlyDone = summary.Status == "Completed" && hasRunning;
        return isPartlyDone ? summary with { Status = HasCondition(pod, "Ready") ? "Running" : "NotReady" } : summary;
    }

    private static PodSummary WithRestarts(PodSummary summary, V1ContainerStatus status) => summary with
    {
        Restarts = summary.Restarts + status.RestartCount,
        LastRestart = Later(summary.LastRestart, status.LastState?.Terminated?.FinishedAt),
    };

    private static string EndReason(V1ContainerStateTerminated ended) => !string.IsNullOrEmpty(ended.Reason)
        ? ended.Reason
        : ended.Signal is { } signal and not 0 ? $"Signal:{signal}" : $"ExitCode:{ended.ExitCode}";

    private static string Deletion(V1Pod pod, string status)
    {
        if (pod.Metadata.DeletionTimestamp is null)
        {
            return status;
        }

        var isFinished = pod.Status?.Phase is "Succeeded" or "Failed";
        return pod.Status?.Reason == "NodeLost" ? "Unknown" : isFinished ? status : "Terminating";
    }

    private static bool HasCondition(V1Pod pod, string type) =>
        pod.Status?.Conditions?.Any(condition => condition.Type == type && condition.Status == "True") == true;

    private static DateTime? Later(DateTime? one, DateTime? other) => one is null || other > one ? other ?? one : one;
}
