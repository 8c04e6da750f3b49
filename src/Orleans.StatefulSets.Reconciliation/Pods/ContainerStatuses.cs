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

    internal static V1ContainerStatus Running(V1Pod pod, V1Container container, DateTime now) => Waiting(container, "") with
    {
        Image = ContainerIdentity.FullName(container.Image),
        ImageID = ContainerIdentity.ImageId(container.Image),
        ContainerID = ContainerIdentity.ContainerId(pod.Metadata.Uid, container.Name, 0),
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
