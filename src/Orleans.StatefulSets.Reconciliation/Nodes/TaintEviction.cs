using k8s.Models;
using Orleans.StatefulSets.Reconciliation.Pods;
using Orleans.StatefulSets.Reconciliation.Scheduling;

namespace Orleans.StatefulSets.Reconciliation.Nodes;

/// <summary>When a taint with NoExecute takes a pod off its node (<c>pkg/controller/tainteviction</c>).</summary>
public static class TaintEviction
{
    /// <summary>The moment at which the pod is deleted; null for never.</summary>
    /// <param name="pod">A pod on the node.</param>
    /// <param name="taints">The node's taints with NoExecute.</param>
    /// <param name="seen">Since when they are known, for taints that do not say it themselves.</param>
    public static DateTime? DueAt(V1Pod pod, IReadOnlyList<V1Taint> taints, DateTime seen)
    {
        if (taints.Count == 0 || PodReadiness.IsTerminating(pod))
        {
            return null;
        }

        DateTime? due = null;
        foreach (var taint in taints)
        {
            var tolerations = (pod.Spec.Tolerations ?? []).Where(toleration => Taints.Tolerates(toleration, taint)).ToList();
            if (tolerations.Count == 0)
            {
                return seen;
            }

            foreach (var seconds in tolerations.Select(toleration => toleration.TolerationSeconds).OfType<long>())
            {
                var ends = (taint.TimeAdded ?? seen).AddSeconds(Math.Clamp(seconds, 0, int.MaxValue));
                due = due is null || ends < due ? ends : due;
            }
        }

        return due;
    }
}
