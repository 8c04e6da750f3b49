using k8s.Models;
using Orleans.StatefulSets.Reconciliation.Events;

namespace Orleans.StatefulSets.Reconciliation.Disruption;

/// <summary>What the disruption controller does about a budget.</summary>
public sealed record BudgetPlan
{
    /// <summary>The status to write, or null where the stored one says it already.</summary>
    public V1PodDisruptionBudgetStatus? Status { get; init; }

    /// <summary>When to look again although nothing changed: an eviction that was granted should have taken its pod by then.</summary>
    public DateTime? LookAgainAt { get; init; }

    /// <summary>What is told about the budget.</summary>
    public IReadOnlyList<ObjectEvent> Events { get; init; } = [];

    /// <summary>Pods whose eviction was granted and that stayed, each told so by <see cref="BudgetEvents.NotDeleted"/>.</summary>
    public IReadOnlyList<string> Stayed { get; init; } = [];
}
