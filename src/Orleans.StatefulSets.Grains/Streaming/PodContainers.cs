using k8s.Models;
using Orleans.StatefulSets.Resources.Errors;

namespace Orleans.StatefulSets.Grains.Streaming;

/// <summary>Which container a stream or log means, with the refusals of <c>pkg/registry/core/pod/strategy.go</c> and of the kubelet.</summary>
internal static class PodContainers
{
    /// <summary>The container of a name, or the only one.</summary>
    /// <exception cref="ApiException">400: none was named, or none has the name.</exception>
    public static V1Container Choose(V1Pod pod, string? name)
    {
        if (string.IsNullOrEmpty(name))
        {
            return pod.Spec.Containers is [var only] ? only : throw ApiErrors.BadRequest(
                $"a container name must be specified for pod {pod.Metadata.Name}, choose one of: [{Names(pod.Spec.Containers)}]"
                + (pod.Spec.InitContainers is { Count: > 0 } inits ? $" or one of the init containers: [{Names(inits)}]" : ""));
        }

        return pod.Spec.Containers.Concat(pod.Spec.InitContainers ?? []).FirstOrDefault(container => container.Name == name)
            ?? throw ApiErrors.BadRequest($"container {name} is not valid for pod {pod.Metadata.Name}");
    }

    /// <summary>It does not run now.</summary>
    public static ApiException NotRunning(V1Container container) => ApiErrors.InternalError($"container not found (\"{container.Name}\")");

    /// <summary>Which instance's log is meant (<c>validateContainerLogStatus</c> of the kubelet): by how often it was restarted before; null where there is none.</summary>
    public static int? LogOf(V1Pod pod, V1Container container, bool previous)
    {
        var status = StatusOf(pod, container);
        var state = status?.State;
        var isWaiting = state is null or { Running: null, Terminated: null };
        return status is null || ((previous || isWaiting) && status.LastState?.Terminated is null) ? null
            : previous && !isWaiting ? status.RestartCount - 1
            : status.RestartCount;
    }

    /// <summary>Why there is no log.</summary>
    public static ApiException NoLog(V1Pod pod, V1Container container, bool previous)
    {
        if (previous)
        {
            return ApiErrors.BadRequest($"previous terminated container \"{container.Name}\" in pod \"{pod.Metadata.Name}\" not found");
        }

        var reason = StatusOf(pod, container)?.State?.Waiting?.Reason;
        return ApiErrors.BadRequest(reason is null
            ? $"container \"{container.Name}\" in pod \"{pod.Metadata.Name}\" is not available"
            : $"container \"{container.Name}\" in pod \"{pod.Metadata.Name}\" is waiting to start: {reason}");
    }

    private static V1ContainerStatus? StatusOf(V1Pod pod, V1Container container) =>
        (pod.Status?.ContainerStatuses ?? []).Concat(pod.Status?.InitContainerStatuses ?? []).FirstOrDefault(status => status.Name == container.Name);

    private static string Names(IEnumerable<V1Container> containers) => string.Join(' ', containers.Select(container => container.Name));
}
