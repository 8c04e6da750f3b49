using k8s.Models;

namespace Orleans.StatefulSets.Reconciliation.Quotas;

/// <summary>Whether a quota counts an object by its scopes (generic.Matches, podMatchesScopeFunc). A quota without scopes counts all.</summary>
public static class QuotaScopes
{
    /// <summary>Whether the object is within all scopes of the quota. Scopes are about pods: nothing else is within any.</summary>
    public static bool Match(V1ResourceQuotaSpec spec, object model) =>
        (spec.Scopes ?? []).All(scope => model is V1Pod pod && Matches(pod, scope, "Exists", null))
        && (spec.ScopeSelector?.MatchExpressions ?? []).All(requirement =>
            model is V1Pod pod && Matches(pod, requirement.ScopeName, requirement.OperatorProperty, requirement.Values));

    private static bool Matches(V1Pod pod, string scope, string? @operator, IList<string>? values) => scope switch
    {
        "Terminating" => HasDeadline(pod),
        "NotTerminating" => !HasDeadline(pod),
        "BestEffort" => IsBestEffort(pod),
        "NotBestEffort" => !IsBestEffort(pod),
        "PriorityClass" => HasPriority(pod.Spec.PriorityClassName, @operator, values),
        "CrossNamespacePodAffinity" => LooksIntoOtherNamespaces(pod.Spec.Affinity),
        _ => false,
    };

    private static bool HasDeadline(V1Pod pod) => pod.Spec.ActiveDeadlineSeconds >= 0;

    private static bool IsBestEffort(V1Pod pod) => pod.Status?.QosClass == "BestEffort";

    private static bool HasPriority(string? name, string? @operator, IList<string>? values) => @operator switch
    {
        "Exists" => !string.IsNullOrEmpty(name),
        "DoesNotExist" => string.IsNullOrEmpty(name),
        "In" => !string.IsNullOrEmpty(name) && values?.Contains(name) == true,
        "NotIn" => string.IsNullOrEmpty(name) || values?.Contains(name) != true,
        _ => false,
    };

    private static bool LooksIntoOtherNamespaces(V1Affinity? affinity) =>
        Terms(affinity?.PodAffinity?.RequiredDuringSchedulingIgnoredDuringExecution, affinity?.PodAffinity?.PreferredDuringSchedulingIgnoredDuringExecution)
            .Concat(Terms(affinity?.PodAntiAffinity?.RequiredDuringSchedulingIgnoredDuringExecution, affinity?.PodAntiAffinity?.PreferredDuringSchedulingIgnoredDuringExecution))
            .Any(term => term.Namespaces is { Count: > 0 } || term.NamespaceSelector is not null);

    private static IEnumerable<V1PodAffinityTerm> Terms(IList<V1PodAffinityTerm>? required, IList<V1WeightedPodAffinityTerm>? preferred) =>
        (required ?? []).Concat((preferred ?? []).Select(weighted => weighted.PodAffinityTerm));
}
