using k8s.Models;

namespace Orleans.StatefulSets.Reconciliation.Pods;

/// <summary>What controllers ask of a pod, in the words of <c>k8s.io/kubernetes/pkg/api/v1/pod/util.go</c>.</summary>
public static class PodReadiness
{
    public const string ReadyCondition = "Ready";

    /// <summary>The condition of that type, or null.</summary>
    public static V1PodCondition? Condition(V1Pod pod, string type) => Condition(pod.Status?.Conditions, type);

    /// <summary>Its Ready condition is True.</summary>
    public static bool IsReady(V1Pod pod) => Condition(pod, ReadyCondition)?.Status == "True";

    public static bool IsRunning(V1Pod pod) => pod.Status?.Phase == "Running";

    public static bool IsRunningAndReady(V1Pod pod) => IsRunning(pod) && IsReady(pod);

    public static bool IsSucceeded(V1Pod pod) => pod.Status?.Phase == "Succeeded";

    public static bool IsFailed(V1Pod pod) => pod.Status?.Phase == "Failed";

    /// <summary>Its containers have ended for good: phase Succeeded or Failed.</summary>
    public static bool IsTerminal(V1Pod pod) => IsSucceeded(pod) || IsFailed(pod);

    /// <summary>It has a deletionTimestamp.</summary>
    public static bool IsTerminating(V1Pod pod) => pod.Metadata?.DeletionTimestamp is not null;

    /// <summary>One of its containers, init containers among them, has run: its volumes are mounted.</summary>
    public static bool HasBegun(V1Pod pod) =>
        (pod.Status?.ContainerStatuses ?? []).Concat(pod.Status?.InitContainerStatuses ?? []).Any(ContainerStatuses.HasBegun);

    public static bool IsScheduled(V1Pod pod) => !string.IsNullOrEmpty(pod.Spec?.NodeName);

    /// <summary>It has been ready for <paramref name="minReadySeconds"/> (0: being ready is enough).</summary>
    public static bool IsAvailable(V1Pod pod, int minReadySeconds, DateTime now) =>
        IsReady(pod) && (minReadySeconds <= 0 || AvailableAt(pod, minReadySeconds) <= now);

    /// <summary>When a ready pod is or was available first; null for one that is not ready.</summary>
    public static DateTime? AvailableAt(V1Pod pod, int minReadySeconds) =>
        Condition(pod, ReadyCondition) is { Status: "True", LastTransitionTime: { } since } ? since.AddSeconds(Math.Max(0, minReadySeconds)) : null;

    /// <summary>Its address, or null while it has none.</summary>
    public static string? PodIP(V1Pod pod) => string.IsNullOrEmpty(pod.Status?.PodIP) ? null : pod.Status.PodIP;

    internal static V1PodCondition? Condition(IList<V1PodCondition>? conditions, string type)
    {
        if (conditions is null)
        {
            return null;
        }

        foreach (var condition in conditions)
        {
            if (condition.Type == type)
            {
                return condition;
            }
        }

        return null;
    }
}
