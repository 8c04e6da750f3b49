using k8s.Models;

namespace Orleans.StatefulSets.Reconciliation.Scheduling;

/// <summary>Which of a node's taints keep a pod away (<c>plugins/tainttoleration</c>, <c>plugins/nodeunschedulable</c>).</summary>
internal static class Taints
{
    private static readonly V1Taint Unschedulable = new() { Key = "node.kubernetes.io/unschedulable", Effect = "NoSchedule" };

    /// <summary>A cordoned node is for those who tolerate its taint, whether or not the taint is there yet.</summary>
    public static bool IsCordoned(V1Pod pod, V1Node node) => node.Spec?.Unschedulable == true && !IsTolerated(pod, Unschedulable);

    /// <summary>The first taint with NoSchedule or NoExecute that the pod doesn't tolerate, or null.</summary>
    public static V1Taint? FirstUntolerated(V1Pod pod, V1Node node) =>
        node.Spec?.Taints?.FirstOrDefault(taint => taint.Effect is "NoSchedule" or "NoExecute" && !IsTolerated(pod, taint));

    /// <summary>How many taints with PreferNoSchedule the pod doesn't tolerate: the fewer the better.</summary>
    public static int CountUnwelcome(V1Pod pod, V1Node node)
    {
        var count = 0;
        foreach (var taint in node.Spec?.Taints ?? [])
        {
            count += taint.Effect == "PreferNoSchedule" && !IsTolerated(pod, taint) ? 1 : 0;
        }

        return count;
    }

    internal static bool IsTolerated(V1Pod pod, V1Taint taint) =>
        pod.Spec.Tolerations?.Any(toleration => Tolerates(toleration, taint)) == true;

    // An empty effect, key or operator of a toleration is, in this order: every effect, every key (with Exists), Equal.
    internal static bool Tolerates(V1Toleration toleration, V1Taint taint) =>
        (string.IsNullOrEmpty(toleration.Effect) || toleration.Effect == taint.Effect)
        && (string.IsNullOrEmpty(toleration.Key) || toleration.Key == taint.Key)
        && (toleration.OperatorProperty == "Exists"
            || (!string.IsNullOrEmpty(toleration.Key) && (toleration.Value ?? "") == (taint.Value ?? "")));
}
