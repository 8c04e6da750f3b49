using k8s.Models;
using Orleans.StatefulSets.Resources.Defaulting;

namespace Orleans.StatefulSets.Resources.Validation;

/// <summary>
/// A pod that waits for its scheduling gates may be told more narrowly where to go
/// (https://kubernetes.io/docs/concepts/scheduling-eviction/pod-scheduling-readiness/#mutable-pod-scheduling-directives;
/// validateNodeSelectorMutation and validateNodeAffinityMutation of <c>pkg/apis/core/validation/validation.go</c>).
/// </summary>
internal static class GatedPodRules
{
    private const string Terms = "spec.affinity.nodeAffinity.requiredDuringSchedulingIgnoredDuringExecution.nodeSelectorTerms";

    public static bool IsGated(V1PodSpec spec) => spec.SchedulingGates is { Count: > 0 };

    /// <summary>Complains of everything that loosens where the pod may go, or moves it.</summary>
    public static void Check(V1PodSpec next, V1PodSpec current, FieldErrors errors)
    {
        if (current.NodeSelector?.All(pair => next.NodeSelector?.TryGetValue(pair.Key, out var value) == true && value == pair.Value) == false)
        {
            errors.Invalid("spec.nodeSelector", next.NodeSelector, "only additions to spec.nodeSelector are allowed (no mutations or deletions)");
        }

        CheckAffinity(RequiredTerms(next), RequiredTerms(current), errors);
    }

    /// <summary>The next spec with what gated pods may change put back.</summary>
    public static V1PodSpec Restored(V1PodSpec next, V1PodSpec current)
    {
        var affinity = current.Affinity?.NodeAffinity is null && next.Affinity is { PodAffinity: null, PodAntiAffinity: null } && current.Affinity is null
            ? null
            : next.Affinity is null && current.Affinity is { PodAffinity: null, PodAntiAffinity: null } ? current.Affinity
            : next.Affinity is null ? null : next.Affinity with { NodeAffinity = current.Affinity?.NodeAffinity };
        return next with { NodeSelector = current.NodeSelector, Affinity = affinity };
    }

    // The terms are alternatives, so another one would loosen; what a term demands besides narrows.
    private static void CheckAffinity(IList<V1NodeSelectorTerm>? next, IList<V1NodeSelectorTerm>? current, FieldErrors errors)
    {
        if (current is not { Count: > 0 })
        {
            return;
        }

        if (next?.Count != current.Count)
        {
            errors.Invalid(Terms, next, "no additions/deletions to non-empty NodeSelectorTerms list are allowed");
            return;
        }

        for (var index = 0; index < current.Count; index++)
        {
            if (!OnlyAdds(next[index], current[index]))
            {
                errors.Invalid($"{Terms}[{index}]", next[index], "only additions are allowed (no mutations or deletions)");
            }
        }
    }

    // A term without any requirement means no node: whatever is added to it would loosen.
    private static bool OnlyAdds(V1NodeSelectorTerm next, V1NodeSelectorTerm current)
    {
        var isEmpty = current is { MatchExpressions: null or { Count: 0 }, MatchFields: null or { Count: 0 } };
        return isEmpty
            ? next is { MatchExpressions: null or { Count: 0 }, MatchFields: null or { Count: 0 } }
            : BeginsWith(next.MatchExpressions, current.MatchExpressions) && BeginsWith(next.MatchFields, current.MatchFields);
    }

    private static bool BeginsWith(IList<V1NodeSelectorRequirement>? next, IList<V1NodeSelectorRequirement>? current) =>
        (next?.Count ?? 0) >= (current?.Count ?? 0) && (current ?? []).Zip(next ?? []).All(pair => SemanticEquality.Same(pair.First, pair.Second));

    private static IList<V1NodeSelectorTerm>? RequiredTerms(V1PodSpec spec) =>
        spec.Affinity?.NodeAffinity?.RequiredDuringSchedulingIgnoredDuringExecution?.NodeSelectorTerms;
}
