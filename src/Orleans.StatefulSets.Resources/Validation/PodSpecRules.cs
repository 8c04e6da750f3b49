using k8s.Models;

namespace Orleans.StatefulSets.Resources.Validation;

/// <summary>ValidatePodSpec (pkg/apis/core/validation/validation.go): what a pod may ask for.</summary>
internal static class PodSpecRules
{
    /// <summary>The spec of a pod.</summary>
    public static void Check(V1PodSpec spec, string path, FieldErrors errors)
    {
        CheckTemplate(spec, path, [], errors);
        errors.OneOf($"{path}.restartPolicy", spec.RestartPolicy, "Always", "OnFailure", "Never");
        if (spec.ActiveDeadlineSeconds is < 1 or > int.MaxValue)
        {
            errors.Invalid($"{path}.activeDeadlineSeconds", spec.ActiveDeadlineSeconds, "must be between 1 and 2147483647, inclusive");
        }

        if (spec.EphemeralContainers is { Count: > 0 })
        {
            errors.Forbidden($"{path}.ephemeralContainers", "cannot be set on create");
        }

        if (spec.SchedulingGates is { Count: > 0 } && !string.IsNullOrEmpty(spec.NodeName))
        {
            errors.Forbidden($"{path}.nodeName", "cannot be set until all schedulingGates have been cleared");
        }
    }

    /// <summary>The spec of a template whose pods will have some volumes more than the template names.</summary>
    public static void CheckTemplate(V1PodSpec spec, string path, IEnumerable<string> furtherVolumes, FieldErrors errors)
    {
        var volumes = VolumeSourceRules.Check(spec.Volumes, $"{path}.volumes", errors);
        volumes.UnionWith(furtherVolumes);
        ContainerRules.Check(spec, volumes, path, errors);
        errors.OneOf($"{path}.dnsPolicy", spec.DnsPolicy, "ClusterFirst", "ClusterFirstWithHostNet", "Default", "None");
        CheckNames(spec, path, errors);
        ObjectMetaRules.CheckLabels(spec.NodeSelector, $"{path}.nodeSelector", errors);
        for (var index = 0; index < spec.Tolerations?.Count; index++)
        {
            TolerationRules.Check(spec.Tolerations[index], $"{path}.tolerations[{index}]", errors);
        }

        SchedulingRules.Check(spec, path, errors);
        if (spec.PreemptionPolicy is not (null or "" or "Never" or "PreemptLowerPriority"))
        {
            errors.NotSupported($"{path}.preemptionPolicy", spec.PreemptionPolicy, "PreemptLowerPriority", "Never");
        }

        CheckHostPorts(spec, path, errors);
    }

    private static void CheckNames(V1PodSpec spec, string path, FieldErrors errors)
    {
        CheckName($"{path}.serviceAccountName", spec.ServiceAccountName, NameRules.Subdomain, errors);
        CheckName($"{path}.nodeName", spec.NodeName, NameRules.Subdomain, errors);
        CheckName($"{path}.priorityClassName", spec.PriorityClassName, NameRules.Subdomain, errors);
        CheckName($"{path}.hostname", spec.Hostname, NameRules.Label, errors);
        CheckName($"{path}.subdomain", spec.Subdomain, NameRules.Label, errors);
        if (string.IsNullOrEmpty(spec.SchedulerName))
        {
            errors.Required($"{path}.schedulerName");
        }
    }

    private static void CheckName(string path, string? name, Func<string, IEnumerable<string>> rule, FieldErrors errors)
    {
        if (string.IsNullOrEmpty(name))
        {
            return;
        }

        foreach (var problem in rule(name))
        {
            errors.Invalid(path, name, problem);
        }
    }

    // Two containers of one pod can't hold the same port of the host.
    private static void CheckHostPorts(V1PodSpec spec, string path, FieldErrors errors)
    {
        HashSet<string>? taken = null;
        for (var index = 0; index < spec.Containers?.Count; index++)
        {
            for (var at = 0; at < spec.Containers[index].Ports?.Count; at++)
            {
                var port = spec.Containers[index].Ports[at];
                if (port.HostPort is null or 0)
                {
                    continue;
                }

                var key = $"{port.Protocol}/{port.HostIP}/{port.HostPort}";
                if (!(taken ??= []).Add(key))
                {
                    errors.Duplicate($"{path}.containers[{index}].ports[{at}].hostPort", key);
                }
            }
        }
    }
}
