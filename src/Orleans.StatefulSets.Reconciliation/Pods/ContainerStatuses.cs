using k8s.Models;

namespace Orleans.StatefulSets.Reconciliation.Pods;

/// <summary>A container's status in each of its states, as a 1.33 kubelet reports it.</summary>
internal static class ContainerStatuses
{
    internal static V1ContainerStatus? Find(IList<V1ContainerStatus>? statuses, string name)
    {
        foreach (var status in statuses ?? [])
        {
            if (status.Name == name)
            {
                return status;
            }
        }

        return null;
    }

    internal static V1ContainerStatus Waiting(V1Container container, string reason) => new()
    {
        Name = container.Name,
        Image = container.Image,
        ImageID = "",
        LastState = new V1ContainerState(),
        Ready = false,
        RestartCount = 0,
        Started = false,
        State = new V1ContainerState { Waiting = new V1ContainerStateWaiting { Reason = reason } },
        VolumeMounts = Mounts(container),
    };

    /// <summary>It can't run (again) yet; how it ended before stays known.</summary>
    internal static V1ContainerStatus Waiting(V1ContainerStatus status, string reason, string? message) => status with
    {
        Ready = false,
        Started = false,
        LastState = status.State?.Terminated is { } ended ? new V1ContainerState { Terminated = ended } : status.LastState,
        State = new V1ContainerState { Waiting = new V1ContainerStateWaiting { Reason = reason, Message = message } },
    };

    /// <summary>It runs, or ran before.</summary>
    internal static bool HasBegun(V1ContainerStatus status) => status.State?.Waiting is null || status.LastState?.Terminated is not null;

    /// <param name="pod">The pod.</param>
    /// <param name="container">The container.</param>
    /// <param name="now">When it starts.</param>
    /// <param name="restarts">How often it was started before.</param>
    /// <param name="last">How it ended the last time, where it ran before.</param>
    internal static V1ContainerStatus Running(V1Pod pod, V1Container container, DateTime now, int restarts = 0, V1ContainerStateTerminated? last = null) => Waiting(container, "") with
    {
        RestartCount = restarts,
        LastState = new V1ContainerState { Terminated = last },
        Image = ContainerIdentity.FullName(container.Image),
        ImageID = ContainerIdentity.ImageId(container.Image),
        ContainerID = ContainerIdentity.ContainerId(pod.Metadata.Uid, container.Name, restarts),
        Ready = true,
        Started = true,
        State = new V1ContainerState { Running = new V1ContainerStateRunning { StartedAt = now } },
        AllocatedResources = container.Resources?.Requests is { Count: > 0 } requests ? requests : null,
        Resources = container.Resources is { } resources
            ? new V1ResourceRequirements { Limits = resources.Limits, Requests = resources.Requests }
            : new V1ResourceRequirements(),
    };

    /// <summary>The container ended; 137 is a SIGKILL.</summary>
    internal static V1ContainerStatus Ended(V1ContainerStatus running, int exitCode, DateTime now) => running with
    {
        Ready = false,
        Started = false,
        State = new V1ContainerState
        {
            Terminated = new V1ContainerStateTerminated
            {
                ContainerID = running.ContainerID,
                ExitCode = exitCode,
                FinishedAt = now,
                Reason = exitCode == 0 ? "Completed" : "Error",
                StartedAt = running.State?.Running?.StartedAt ?? now,
            },
        },
    };

    /// <summary>The container ended as its runtime says.</summary>
    internal static V1ContainerStatus Ended(V1ContainerStatus running, ContainerExit exit, DateTime now)
    {
        var ended = Ended(running, exit.ExitCode, now);
        var reason = exit.NeverStarted ? "StartError" : ended.State.Terminated.Reason;
        return ended with { State = new V1ContainerState { Terminated = ended.State.Terminated with { Reason = reason, Message = exit.Message } } };
    }

    /// <summary>The container's machine went off under it: nobody knows how it ended.</summary>
    internal static V1ContainerStatus Lost(V1ContainerStatus running, int exitCode, DateTime now)
    {
        var ended = Ended(running, exitCode, now);
        return ended with { State = new V1ContainerState { Terminated = ended.State.Terminated with { Reason = "Unknown" } } };
    }

    /// <summary>It waits for its next start.</summary>
    internal static V1ContainerStatus BackingOff(V1Pod pod, V1ContainerStatus status, string backOff) =>
        Waiting(status, ContainerRestarts.CrashLoop, $"back-off {backOff} restarting failed container={status.Name} pod={Name(pod)}");

    /// <summary>The pod as the kubelet names it in messages: <c>web-0_default(uid)</c>.</summary>
    internal static string Name(V1Pod pod) => $"{pod.Metadata.Name}_{pod.Metadata.NamespaceProperty}({pod.Metadata.Uid})";

    /// <summary>The pod ends while the container waits for its next start: what stays is how it ended.</summary>
    internal static V1ContainerStatus EndedBefore(V1ContainerStatus status, V1ContainerStateTerminated ended) => status with
    {
        State = new V1ContainerState { Terminated = ended },
        LastState = new V1ContainerState(),
    };

    /// <summary>The pod ends and the container never ran (<c>TerminatePod</c> of the kubelet's status manager).</summary>
    internal static V1ContainerStatus NeverRan(V1ContainerStatus waiting) => waiting with
    {
        Ready = false,
        Started = false,
        State = new V1ContainerState
        {
            Terminated = new V1ContainerStateTerminated
            {
                ExitCode = ContainerStop.KilledExitCode,
                Reason = "ContainerStatusUnknown",
                Message = "The container could not be located when the pod was terminated",
            },
        },
    };

    private static List<V1VolumeMountStatus>? Mounts(V1Container container) =>
        container.VolumeMounts is { Count: > 0 } mounts
            ? [.. mounts.Select(mount => new V1VolumeMountStatus
            {
                Name = mount.Name,
                MountPath = mount.MountPath,
                ReadOnlyProperty = mount.ReadOnlyProperty == true ? true : null,
                RecursiveReadOnly = mount.ReadOnlyProperty == true ? "Disabled" : null,
            })]
            : null;
}
