using k8s.Models;

namespace Orleans.StatefulSets.Resources.Validation;

/// <summary>What a pod asks of the scheduler (ValidatePodSpec in pkg/apis/core/validation/validation.go).</summary>
internal static class SchedulingRules
{
    public static void Check(V1PodSpec spec, string path, FieldErrors errors)
    {
        CheckGates(spec.SchedulingGates, $"{path}.schedulingGates", errors);
        SpreadConstraintRules.Check(spec.TopologySpreadConstraints, $"{path}.topologySpreadConstraints", errors);
        if (spec.Affinity is { } affinity)
        {
            NodeAffinityRules.Check(affinity.NodeAffinity, $"{path}.affinity.nodeAffinity", errors);
            PodAffinityRules.Check(
                affinity.PodAffinity?.RequiredDuringSchedulingIgnoredDuringExecution,
                affinity.PodAffinity?.PreferredDuringSchedulingIgnoredDuringExecution,
                $"{path}.affinity.podAffinity",
                errors);
            PodAffinityRules.Check(
                affinity.PodAntiAffinity?.RequiredDuringSchedulingIgnoredDuringExecution,
                affinity.PodAntiAffinity?.PreferredDuringSchedulingIgnoredDuringExecution,
                $"{path}.affinity.podAntiAffinity",
                errors);
        }
    }

    /// <summary>A weight of a preference.</summary>
    public static void CheckWeight(int weight, string path, FieldErrors errors)
    {
        if (weight is < 1 or > 100)
        {
            errors.Invalid($"{path}.weight", weight, "must be in the range 1-100");
        }
    }

    /// <summary>A required topology key: a label's name.</summary>
    public static void CheckTopologyKey(string? key, string path, FieldErrors errors)
    {
        if (string.IsNullOrEmpty(key))
        {
            errors.Required($"{path}.topologyKey", "can not be empty");
            return;
        }

        CheckLabelName(key, $"{path}.topologyKey", errors);
    }

    /// <summary>Keys whose values are taken from the pod's labels: only beside a selector.</summary>
    public static void CheckLabelKeys(IList<string>? keys, V1LabelSelector? selector, string path, FieldErrors errors)
    {
        if (keys is { Count: > 0 } && selector is null)
        {
            errors.Forbidden(path, "must not be specified when labelSelector is not set");
        }

        for (var index = 0; index < keys?.Count; index++)
        {
            CheckLabelName(keys[index], $"{path}[{index}]", errors);
        }
    }

    public static void CheckLabelName(string name, string path, FieldErrors errors)
    {
        foreach (var problem in NameRules.QualifiedName(name))
        {
            errors.Invalid(path, name, problem);
        }
    }

    private static void CheckGates(IList<V1PodSchedulingGate>? gates, string path, FieldErrors errors)
    {
        HashSet<string>? seen = null;
        for (var index = 0; index < gates?.Count; index++)
        {
            var name = gates[index].Name ?? "";
            CheckLabelName(name, $"{path}[{index}]", errors);
            if (!(seen ??= []).Add(name))
            {
                errors.Duplicate($"{path}[{index}]", name);
            }
        }
    }
}
