using k8s.Models;

namespace Orleans.StatefulSets.Resources.Writing;

/// <summary>How long a pod may take to go (registry/core/pod's CheckGracefulDelete).</summary>
internal static class GracefulDeletion
{
    // Some decades, within which every moment that is counted from it can be written.
    private const long LongestSeconds = int.MaxValue;

    /// <summary>The grace period of a first delete, in seconds.</summary>
    public static long PeriodOf(V1Pod pod, V1DeleteOptions options)
    {
        var asked = options.GracePeriodSeconds ?? pod.Spec?.TerminationGracePeriodSeconds ?? 0;
        return NeverRan(pod) || IsFinished(pod) ? 0 : asked < 0 ? 1 : Math.Min(asked, LongestSeconds);
    }

    private static bool NeverRan(V1Pod pod) => string.IsNullOrEmpty(pod.Spec?.NodeName);

    private static bool IsFinished(V1Pod pod) => pod.Status?.Phase is "Failed" or "Succeeded";
}
