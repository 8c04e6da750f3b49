using k8s.Models;
using Orleans.StatefulSets.Reconciliation.Disruption;

namespace Orleans.StatefulSets.Reconciliation.Tests.Disruption;

/// <summary>Budgets over the pods of one set.</summary>
internal static class Budgets
{
    public static readonly DateTime Now = new(2025, 1, 2, 3, 4, 5, DateTimeKind.Utc);

    private static readonly V1OwnerReference Owner = new() { ApiVersion = "apps/v1", Kind = "StatefulSet", Name = "web", Uid = "uid-web", Controller = true };

    public static V1PodDisruptionBudget Of(string? minAvailable = null, string? maxUnavailable = null, V1PodDisruptionBudgetStatus? status = null) => new()
    {
        Metadata = new V1ObjectMeta { Name = "guard", NamespaceProperty = "default", Generation = 1 },
        Spec = new V1PodDisruptionBudgetSpec
        {
            MinAvailable = minAvailable is null ? null : (IntOrString)minAvailable,
            MaxUnavailable = maxUnavailable is null ? null : (IntOrString)maxUnavailable,
            Selector = new V1LabelSelector { MatchLabels = new Dictionary<string, string> { ["app"] = "web" } },
        },
        Status = status ?? new V1PodDisruptionBudgetStatus(),
    };

    /// <summary>A status that has been counted and allows so many disruptions.</summary>
    public static V1PodDisruptionBudgetStatus Allowing(int disruptions) =>
        new() { ObservedGeneration = 1, DisruptionsAllowed = disruptions, CurrentHealthy = 2 + disruptions, DesiredHealthy = 2, ExpectedPods = 3 };

    public static BudgetedPod Pod(int ordinal, bool ready = true, bool terminating = false, string? uid = null, V1OwnerReference? owner = null, bool isBare = false, DateTime? createdAt = null) =>
        new($"web-{ordinal}", uid ?? $"uid-{ordinal}", createdAt ?? Now.AddHours(-1), ready, terminating, isBare ? null : owner ?? Owner);

    public static IReadOnlyCollection<BudgetedPod> Pods(int ready, int unready = 0) =>
        [.. Enumerable.Range(0, ready + unready).Select(ordinal => Pod(ordinal, ordinal < ready))];

    public static BudgetPlan Decide(
        V1PodDisruptionBudget budget, IReadOnlyCollection<BudgetedPod> pods, int? scale = 3, IReadOnlyDictionary<string, string>? grantedUids = null) =>
        BudgetDecision.Decide(budget, pods, name => name == "web" && scale is { } replicas ? Set(replicas) : null, grantedUids ?? new Dictionary<string, string>(), Now);

    private static V1StatefulSet Set(int replicas) => new()
    {
        Metadata = new V1ObjectMeta { Name = "web", Uid = "uid-web" },
        Spec = new V1StatefulSetSpec { Replicas = replicas },
    };
}
