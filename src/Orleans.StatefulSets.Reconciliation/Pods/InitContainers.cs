using k8s.Models;

namespace Orleans.StatefulSets.Reconciliation.Pods;

/// <summary>Init containers run one after another; one with restartPolicy Always (a sidecar) stays running beside the rest.</summary>
internal static class InitContainers
{
    internal static bool IsSidecar(V1Container container) => container.RestartPolicy == "Always";

    /// <summary>The next may start: a sidecar has started, any other has ended well.</summary>
    internal static bool IsDone(V1Container container, V1ContainerStatus? status) =>
        IsSidecar(container) ? status?.Started == true : status?.State?.Terminated is { ExitCode: 0 };

    /// <summary>The first that is not done, or null when the pod's own containers may start.</summary>
    internal static V1Container? Next(V1Pod pod)
    {
        foreach (var container in pod.Spec.InitContainers ?? [])
        {
            if (!IsDone(container, ContainerStatuses.Find(pod.Status?.InitContainerStatuses, container.Name)))
            {
                return container;
            }
        }

        return null;
    }

    /// <summary>When the last of them that is done ended or (a sidecar) started; null while none is.</summary>
    internal static DateTime? LastDoneAt(V1Pod pod)
    {
        DateTime? last = null;
        foreach (var status in pod.Status?.InitContainerStatuses ?? [])
        {
            var done = status.State?.Terminated?.FinishedAt ?? status.State?.Running?.StartedAt;
            last = done > last || last is null ? done ?? last : last;
        }

        return last;
    }
}
