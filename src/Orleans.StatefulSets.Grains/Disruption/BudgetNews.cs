using k8s.Models;
using Orleans.StatefulSets.Grains.Objects;
using Orleans.StatefulSets.Reconciliation.Disruption;
using Orleans.StatefulSets.Reconciliation.Pods;
using Orleans.StatefulSets.Resources.Kinds;
using Orleans.StatefulSets.Resources.Objects;

namespace Orleans.StatefulSets.Grains.Disruption;

/// <summary>Tells the budgets that guard a pod, or did, of what counts for them.</summary>
internal static class BudgetNews
{
    public static void Tell(ObjectServices services, StoredObject item, V1Pod pod, V1Pod? before, bool removed)
    {
        if (before is not null && !removed && !CountsDiffer(pod, before))
        {
            return;
        }

        foreach (var budget in services.Replicas.List(ResourceKinds.PodDisruptionBudgets.Resource, item.Key.Namespace))
        {
            if (Guards(budget, pod) || (before is not null && Guards(budget, before)))
            {
                services.Observers.DisruptionBudget(item.Key.Namespace, budget.Key.Name).Observe(item, removed).Ignore();
            }
        }
    }

    private static bool CountsDiffer(V1Pod pod, V1Pod before) =>
        PodReadiness.IsReady(pod) != PodReadiness.IsReady(before)
        || pod.Metadata.DeletionTimestamp != before.Metadata.DeletionTimestamp
        || !ReferenceEquals(pod.Metadata.Labels, before.Metadata.Labels)
        || !ReferenceEquals(pod.Metadata.OwnerReferences, before.Metadata.OwnerReferences);

    private static bool Guards(StoredObject budget, V1Pod pod)
    {
        budget.KeepModel();
        return EvictionRules.Guards(budget.As<V1PodDisruptionBudget>(), pod.Metadata.Labels);
    }
}
