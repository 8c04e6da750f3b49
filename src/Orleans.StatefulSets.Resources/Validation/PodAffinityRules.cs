using k8s.Models;

namespace Orleans.StatefulSets.Resources.Validation;

/// <summary>validatePodAffinity and validatePodAntiAffinity (pkg/apis/core/validation/validation.go).</summary>
internal static class PodAffinityRules
{
    public static void Check(IList<V1PodAffinityTerm>? required, IList<V1WeightedPodAffinityTerm>? preferred, string path, FieldErrors errors)
    {
        for (var index = 0; index < required?.Count; index++)
        {
            CheckTerm(required[index], $"{path}.requiredDuringSchedulingIgnoredDuringExecution[{index}]", errors);
        }

        for (var index = 0; index < preferred?.Count; index++)
        {
            var at = $"{path}.preferredDuringSchedulingIgnoredDuringExecution[{index}]";
            SchedulingRules.CheckWeight(preferred[index].Weight, at, errors);
            CheckTerm(preferred[index].PodAffinityTerm ?? new V1PodAffinityTerm(), $"{at}.podAffinityTerm", errors);
        }
    }

    private static void CheckTerm(V1PodAffinityTerm term, string path, FieldErrors errors)
    {
        if (term.LabelSelector is { } selector)
        {
            LabelSelectorRules.Check(selector, $"{path}.labelSelector", errors);
        }

        if (term.NamespaceSelector is { } namespaces)
        {
            LabelSelectorRules.Check(namespaces, $"{path}.namespaceSelector", errors);
        }

        foreach (var name in term.Namespaces ?? [])
        {
            foreach (var problem in NameRules.Label(name))
            {
                errors.Invalid($"{path}.namespace", name, problem);
            }
        }

        SchedulingRules.CheckLabelKeys(term.MatchLabelKeys, term.LabelSelector, $"{path}.matchLabelKeys", errors);
        SchedulingRules.CheckLabelKeys(term.MismatchLabelKeys, term.LabelSelector, $"{path}.mismatchLabelKeys", errors);
        for (var index = 0; index < term.MatchLabelKeys?.Count; index++)
        {
            if (term.MismatchLabelKeys?.Contains(term.MatchLabelKeys[index]) == true)
            {
                errors.Invalid($"{path}.matchLabelKeys[{index}]", term.MatchLabelKeys[index], "exists in both matchLabelKeys and mismatchLabelKeys");
            }
        }

        SchedulingRules.CheckTopologyKey(term.TopologyKey, path, errors);
    }
}
