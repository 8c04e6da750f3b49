using k8s.Models;

namespace Orleans.StatefulSets.Reconciliation.Pods;

/// <summary>Who may say what in a pod's status: the kubelet reports it, others keep conditions of their own in it.</summary>
public static class PodStatuses
{
    /// <summary>The status after the kubelet's report: conditions that others wrote since the kubelet last looked stay.</summary>
    public static V1PodStatus Report(V1Pod stored, V1PodStatus reported)
    {
        var others = (stored.Status?.Conditions ?? []).Where(condition => !PodConditions.IsOwnedByKubelet(condition.Type)).ToList();
        var told = (reported.Conditions ?? []).Where(condition => !PodConditions.IsOwnedByKubelet(condition.Type) && others.All(other => other.Type != condition.Type));
        return others.Count == 0 ? reported : reported with
        {
            Conditions = [.. others, .. told, .. (reported.Conditions ?? []).Where(condition => PodConditions.IsOwnedByKubelet(condition.Type))],
        };
    }

    /// <summary>A pod whose node was lost is not ready (<c>MarkPodsNotReady</c> of <c>pkg/controller/util/node</c>); null where it is not anyway.</summary>
    public static V1Pod? Lose(V1Pod pod, DateTime now) => PodReadiness.IsReady(pod)
        ? pod with
        {
            Status = pod.Status with
            {
                Conditions =
                [
                    .. pod.Status.Conditions.Select(condition => condition.Type == PodReadiness.ReadyCondition
                        ? condition with { Status = "False", LastTransitionTime = now }
                        : condition),
                ],
            },
        }
        : null;

    /// <summary>A pod that nobody will run to its end any more (<c>pkg/controller/podgc</c>).</summary>
    public static V1Pod Fail(V1Pod pod) => pod with { Status = (pod.Status ?? new V1PodStatus()) with { Phase = "Failed" } };
}
