using k8s.Models;
using Orleans.StatefulSets.Reconciliation.Events;

namespace Orleans.StatefulSets.Reconciliation.Disruption;

/// <summary>What the disruption controller tells (<c>pkg/controller/disruption/disruption.go</c>).</summary>
public static class BudgetEvents
{
    private const string Component = "controllermanager";

    internal static ObjectEvent NoPods { get; } = ObjectEvent.Normal(Component, "NoPods", "No matching pods found");

    internal static ObjectEvent CountFailed(string why) =>
        ObjectEvent.Warning(Component, "CalculateExpectedPodCountFailed", $"Failed to calculate the number of expected pods: {why}");

    /// <summary>Told about a pod. Upstream names the namespace twice.</summary>
    public static ObjectEvent NotDeleted(V1PodDisruptionBudget budget) => ObjectEvent.Warning(
        Component, "NotDeleted", $"Pod was expected by PDB {budget.Metadata.NamespaceProperty}/{budget.Metadata.NamespaceProperty} to be deleted but it wasn't");
}
