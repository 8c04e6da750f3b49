using k8s.Models;
using Orleans.StatefulSets.Reconciliation.Pods;

namespace Orleans.StatefulSets.Reconciliation.Disruption;

/// <summary>What a PodDisruptionBudget needs to know of a pod that it selects.</summary>
/// <param name="Name">The pod's name.</param>
/// <param name="Uid">Its uid: a set's next pod of the name is another one.</param>
/// <param name="CreatedAt">Its creationTimestamp.</param>
/// <param name="IsReady">Its Ready condition is True: that is what "healthy" means.</param>
/// <param name="IsTerminating">It has a deletionTimestamp.</param>
/// <param name="Controller">The owner that controls it, or null.</param>
public sealed record BudgetedPod(string Name, string Uid, DateTime? CreatedAt, bool IsReady, bool IsTerminating, V1OwnerReference? Controller)
{
    public static BudgetedPod Of(V1Pod pod) => new(
        pod.Metadata.Name,
        pod.Metadata.Uid,
        pod.Metadata.CreationTimestamp,
        PodReadiness.IsReady(pod),
        PodReadiness.IsTerminating(pod),
        pod.Metadata.OwnerReferences?.FirstOrDefault(owner => owner.Controller == true));
}
