using System.Globalization;
using k8s.Models;

namespace Orleans.StatefulSets.Reconciliation.StatefulSets;

/// <summary>What a set's update strategy and pod management policy say, with their defaults.</summary>
internal static class UpdateRules
{
    internal static bool IsParallel(V1StatefulSet set) => set.Spec.PodManagementPolicy == "Parallel";

    internal static bool IsOnDelete(V1StatefulSet set) => set.Spec.UpdateStrategy?.Type == "OnDelete";

    internal static bool IsRollingUpdate(V1StatefulSet set) => (set.Spec.UpdateStrategy?.Type ?? "RollingUpdate") == "RollingUpdate";

    /// <summary>The lowest ordinal that a rolling update replaces.</summary>
    internal static long UpdateFloor(V1StatefulSet set) =>
        (long)(set.Spec.Ordinals?.Start ?? 0) + (set.Spec.UpdateStrategy?.RollingUpdate?.Partition ?? 0);

    /// <summary>A pod that is created with this ordinal is of the current revision still (upstream <c>newVersionedStatefulSetPod</c>).</summary>
    internal static bool TakesCurrentRevision(V1StatefulSet set, int ordinal)
    {
        if (set.Spec.UpdateStrategy?.RollingUpdate is not null)
        {
            return ordinal < UpdateFloor(set);
        }

        return IsRollingUpdate(set) && ordinal < (long)(set.Spec.Ordinals?.Start ?? 0) + (set.Status?.CurrentReplicas ?? 0);
    }

    /// <summary>
    /// How many pods a rolling update may have unavailable, at least 1; null when the spec leaves it out and the classic rule holds, one
    /// after another. A percentage is of spec.replicas, rounded down (upstream <c>getStatefulSetMaxUnavailable</c>).
    /// </summary>
    internal static int? MaxUnavailable(V1StatefulSet set)
    {
        if (set.Spec.UpdateStrategy?.RollingUpdate?.MaxUnavailable?.Value is not { Length: > 0 } text)
        {
            return null;
        }

        var percent = text.EndsWith('%');
        return int.TryParse(text.TrimEnd('%'), NumberStyles.None, CultureInfo.InvariantCulture, out var number)
            ? Math.Max(1, percent ? (int)((long)number * (set.Spec.Replicas ?? 1) / 100) : number)
            : 1;
    }
}
