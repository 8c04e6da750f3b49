using k8s.Models;

namespace Orleans.StatefulSets.Resources.Validation;

/// <summary>ValidateContainers and validateInitContainers (pkg/apis/core/validation/validation.go).</summary>
internal static class ContainerRules
{
    /// <summary>All containers of a pod; <paramref name="volumes"/> are the names that mounts may use.</summary>
    public static void Check(V1PodSpec spec, HashSet<string> volumes, string path, FieldErrors errors)
    {
        if (spec.Containers is not { Count: > 0 })
        {
            errors.Required($"{path}.containers");
        }

        var names = new HashSet<string>();
        for (var index = 0; index < spec.Containers?.Count; index++)
        {
            var container = spec.Containers[index];
            var at = $"{path}.containers[{index}]";
            CheckOne(container, names, volumes, spec.HostNetwork == true, at, errors);
            ProbeRules.Check(container, at, errors);
            if (!string.IsNullOrEmpty(container.RestartPolicy))
            {
                errors.Forbidden($"{at}.restartPolicy", "may not be set for non-init containers");
            }
        }

        for (var index = 0; index < spec.InitContainers?.Count; index++)
        {
            var container = spec.InitContainers[index];
            var at = $"{path}.initContainers[{index}]";
            CheckOne(container, names, volumes, spec.HostNetwork == true, at, errors);
            CheckInit(container, at, errors);
        }
    }

    private static void CheckInit(V1Container container, string path, FieldErrors errors)
    {
        if (container.RestartPolicy is not (null or ""))
        {
            errors.OneOf($"{path}.restartPolicy", container.RestartPolicy, "Always");
            ProbeRules.Check(container, path, errors);
            return;
        }

        const string detail = "may not be set for init containers without restartPolicy=Always";
        ForbidWhen(container.Lifecycle is not null, $"{path}.lifecycle", detail, errors);
        ForbidWhen(container.LivenessProbe is not null, $"{path}.livenessProbe", detail, errors);
        ForbidWhen(container.ReadinessProbe is not null, $"{path}.readinessProbe", detail, errors);
        ForbidWhen(container.StartupProbe is not null, $"{path}.startupProbe", detail, errors);
    }

    private static void ForbidWhen(bool isSet, string path, string detail, FieldErrors errors)
    {
        if (isSet)
        {
            errors.Forbidden(path, detail);
        }
    }

    private static void CheckOne(
        V1Container container, HashSet<string> names, HashSet<string> volumes, bool hostNetwork, string path, FieldErrors errors)
    {
        if (string.IsNullOrEmpty(container.Name))
        {
            errors.Required($"{path}.name");
        }
        else
        {
            foreach (var problem in NameRules.Label(container.Name))
            {
                errors.Invalid($"{path}.name", container.Name, problem);
            }

            if (!names.Add(container.Name))
            {
                errors.Duplicate($"{path}.name", container.Name);
            }
        }

        CheckImage(container, path, errors);
        CheckPorts(container.Ports, hostNetwork, $"{path}.ports", errors);
        EnvRules.Check(container, path, errors);
        MountRules.Check(container, volumes, path, errors);
        ResourceRules.Check(container.Resources, $"{path}.resources", errors);
    }

    private static void CheckImage(V1Container container, string path, FieldErrors errors)
    {
        if (string.IsNullOrEmpty(container.Image))
        {
            errors.Required($"{path}.image");
        }
        else if (container.Image.Trim().Length != container.Image.Length)
        {
            errors.Invalid($"{path}.image", container.Image, "must not have leading or trailing whitespace");
        }

        errors.OneOf($"{path}.terminationMessagePolicy", container.TerminationMessagePolicy, "FallbackToLogsOnError", "File");
        errors.OneOf($"{path}.imagePullPolicy", container.ImagePullPolicy, "Always", "IfNotPresent", "Never");
    }

    private static void CheckPorts(IList<V1ContainerPort>? ports, bool hostNetwork, string path, FieldErrors errors)
    {
        HashSet<string>? names = null;
        for (var index = 0; index < ports?.Count; index++)
        {
            var port = ports[index];
            var at = $"{path}[{index}]";
            if (!string.IsNullOrEmpty(port.Name))
            {
                var before = errors.All.Count;
                foreach (var problem in NameRules.PortName(port.Name))
                {
                    errors.Invalid($"{at}.name", port.Name, problem);
                }

                if (errors.All.Count == before && !(names ??= []).Add(port.Name))
                {
                    errors.Duplicate($"{at}.name", port.Name);
                }
            }

            if (port.ContainerPort == 0)
            {
                errors.Required($"{at}.containerPort");
            }
            else
            {
                PortRules.CheckNumber(port.ContainerPort, $"{at}.containerPort", errors);
            }

            if (port.HostPort is { } hostPort and not 0)
            {
                PortRules.CheckNumber(hostPort, $"{at}.hostPort", errors);
                if (hostNetwork && hostPort != port.ContainerPort)
                {
                    errors.Invalid($"{at}.hostPort", hostPort, "must match `containerPort` when `hostNetwork` is true");
                }
            }

            PortRules.CheckProtocol(port.Protocol, $"{at}.protocol", errors);
        }
    }
}
