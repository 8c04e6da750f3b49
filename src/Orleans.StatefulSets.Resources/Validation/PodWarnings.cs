using k8s.Models;

namespace Orleans.StatefulSets.Resources.Validation;

/// <summary>What is legal and likely a mistake (pkg/api/pod/warnings.go and the StatefulSet strategy's own).</summary>
internal static class PodWarnings
{
    public static IReadOnlyList<string> OfSet(V1StatefulSet set)
    {
        var warnings = Of(set.Spec?.Template?.Spec, "spec.template.spec");
        return set.Spec?.RevisionHistoryLimit < 0
            ? [.. warnings, "spec.revisionHistoryLimit: a negative value retains all historical revisions; a value >= 0 is recommended"]
            : warnings;
    }

    public static IReadOnlyList<string> Of(V1PodSpec? spec, string path)
    {
        List<string>? warnings = null;
        for (var index = 0; index < spec?.Containers?.Count; index++)
        {
            WarnOfPorts(spec.Containers[index].Ports, $"{path}.containers[{index}].ports", ref warnings);
            WarnOfEnv(spec.Containers[index].Env, $"{path}.containers[{index}].env", ref warnings);
        }

        if (spec?.TerminationGracePeriodSeconds < 0)
        {
            (warnings ??= []).Add($"{path}.terminationGracePeriodSeconds: must be >= 0; negative values are invalid and will be treated as 1");
        }

        return warnings ?? (IReadOnlyList<string>)[];
    }

    private static void WarnOfPorts(IList<V1ContainerPort>? ports, string path, ref List<string>? warnings)
    {
        for (var index = 1; index < ports?.Count; index++)
        {
            for (var before = 0; before < index; before++)
            {
                var isSame = ports[before].ContainerPort == ports[index].ContainerPort && ports[before].Protocol == ports[index].Protocol
                    && (ports[before].HostPort ?? 0) == (ports[index].HostPort ?? 0);
                if (isSame)
                {
                    (warnings ??= []).Add($"{path}[{index}]: duplicate port definition with {path}[{before}]");
                    break;
                }
            }
        }
    }

    private static void WarnOfEnv(IList<V1EnvVar>? variables, string path, ref List<string>? warnings)
    {
        for (var index = 1; index < variables?.Count; index++)
        {
            for (var before = index - 1; before >= 0; before--)
            {
                if (variables[before].Name == variables[index].Name)
                {
                    (warnings ??= []).Add($"{path}[{index}]: hides previous definition of \"{variables[index].Name}\", which may be dropped when using apply");
                    break;
                }
            }
        }
    }
}
