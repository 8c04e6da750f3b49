using System.Globalization;
using System.Text;
using k8s.Models;

namespace Orleans.StatefulSets.Workloads.Sandboxes;

/// <summary>The variables of a container (<c>makeEnvironmentVariables</c> in <c>pkg/kubelet/kubelet_pods.go</c>): of Services, from maps, its own, later ones over earlier ones.</summary>
public static class ContainerEnvironment
{
    /// <summary>All of them, without those of the image. Ordinary text.</summary>
    /// <exception cref="PodConfigurationException">A map or key that is not optional is missing.</exception>
    public static IReadOnlyDictionary<string, string> Of(V1Pod pod, V1Container container, IPodSources sources)
    {
        Dictionary<string, string> services = new(StringComparer.Ordinal);
        foreach (var service in sources.Services().Where(service => IsLinked(pod, service)).OrderBy(service => service.Metadata.Name, StringComparer.Ordinal))
        {
            AddLinks(services, service);
        }

        Dictionary<string, string> result = new(StringComparer.Ordinal);
        foreach (var from in container.EnvFrom ?? [])
        {
            AddAll(result, from, sources);
        }

        Dictionary<string, string> seen = new(result, StringComparer.Ordinal);
        foreach (var (name, value) in services)
        {
            seen.TryAdd(name, value);
        }

        foreach (var variable in container.Env ?? [])
        {
            if (Value(variable, pod, container, sources, seen) is { } value)
            {
                seen[variable.Name] = result[variable.Name] = value;
            }
        }

        foreach (var (name, value) in services)
        {
            result.TryAdd(name, value);
        }

        return result;
    }

    private static string? Value(V1EnvVar variable, V1Pod pod, V1Container container, IPodSources sources, Dictionary<string, string> seen)
    {
        var from = variable.ValueFrom;
        if (from?.FieldRef is { } field)
        {
            return DownwardFields.Find(pod, field.FieldPath) ?? throw new PodConfigurationException($"field label not supported: {field.FieldPath}");
        }

        if (from?.ResourceFieldRef is { } resource)
        {
            var of = string.IsNullOrEmpty(resource.ContainerName) ? container
                : pod.Spec.Containers.Concat(pod.Spec.InitContainers ?? []).FirstOrDefault(other => other.Name == resource.ContainerName)
                    ?? throw new PodConfigurationException($"container {resource.ContainerName} not found");
            return DownwardFields.Find(of, resource, sources.Node()) ?? throw new PodConfigurationException($"unsupported container resource : {resource.Resource}");
        }

        if (from?.ConfigMapKeyRef is { } config)
        {
            return sources.ConfigMap(config.Name) is not { } map
                ? Missing(config.Optional, $"configmap \"{config.Name}\" not found")
                : map.Data?.TryGetValue(config.Key, out var value) == true ? value
                : Missing(config.Optional, $"couldn't find key {config.Key} in ConfigMap {pod.Metadata.NamespaceProperty}/{config.Name}");
        }

        if (from?.SecretKeyRef is { } reference)
        {
            return sources.Secret(reference.Name) is not { } secret
                ? Missing(reference.Optional, $"secret \"{reference.Name}\" not found")
                : secret.Data?.TryGetValue(reference.Key, out var value) == true ? Encoding.UTF8.GetString(value)
                : Missing(reference.Optional, $"couldn't find key {reference.Key} in Secret {pod.Metadata.NamespaceProperty}/{reference.Name}");
        }

        return VariableExpansion.Expand(variable.Value ?? "", seen);
    }

    private static void AddAll(Dictionary<string, string> result, V1EnvFromSource from, IPodSources sources)
    {
        IEnumerable<KeyValuePair<string, string>> pairs = [];
        if (from.ConfigMapRef is { } config)
        {
            pairs = sources.ConfigMap(config.Name) is { } map ? map.Data ?? new Dictionary<string, string>()
                : Missing(config.Optional, $"configmap \"{config.Name}\" not found") is null ? [] : [];
        }
        else if (from.SecretRef is { } reference)
        {
            pairs = sources.Secret(reference.Name) is { } secret
                ? (secret.Data ?? new Dictionary<string, byte[]>()).Select(pair => KeyValuePair.Create(pair.Key, Encoding.UTF8.GetString(pair.Value)))
                : Missing(reference.Optional, $"secret \"{reference.Name}\" not found") is null ? [] : [];
        }

        foreach (var (name, value) in pairs.OrderBy(pair => pair.Key, StringComparer.Ordinal))
        {
            result[from.Prefix + name] = value;
        }
    }

    private static string? Missing(bool? optional, string message) => optional == true ? null : throw new PodConfigurationException(message);

    // The API's own Service is told to every pod, the others where the pod wants them.
    private static bool IsLinked(V1Pod pod, V1Service service) =>
        service.Spec?.ClusterIP is { Length: > 0 } address && address != "None" && service.Spec.Type != "ExternalName"
        && (service.Metadata is { Name: "kubernetes", NamespaceProperty: "default" }
            || (pod.Spec.EnableServiceLinks != false && service.Metadata.NamespaceProperty == pod.Metadata.NamespaceProperty));

    // The variables of pkg/kubelet/envvars, those that Docker's links had included.
    private static void AddLinks(Dictionary<string, string> variables, V1Service service)
    {
        var prefix = service.Metadata.Name.ToUpperInvariant().Replace('-', '_');
        var address = service.Spec.ClusterIP;
        var ports = service.Spec.Ports ?? [];
        if (ports.Count == 0)
        {
            return;
        }

        variables[prefix + "_SERVICE_HOST"] = address;
        variables[prefix + "_SERVICE_PORT"] = Text(ports[0].Port);
        foreach (var port in ports.Where(port => !string.IsNullOrEmpty(port.Name)))
        {
            variables[$"{prefix}_SERVICE_PORT_{port.Name.ToUpperInvariant().Replace('-', '_')}"] = Text(port.Port);
        }

        for (var index = 0; index < ports.Count; index++)
        {
            var protocol = (ports[index].Protocol ?? "TCP").ToLowerInvariant();
            var url = $"{protocol}://{address}:{Text(ports[index].Port)}";
            var link = $"{prefix}_PORT_{Text(ports[index].Port)}_{protocol.ToUpperInvariant()}";
            if (index == 0)
            {
                variables[prefix + "_PORT"] = url;
            }

            variables[link] = url;
            variables[link + "_PROTO"] = protocol;
            variables[link + "_PORT"] = Text(ports[index].Port);
            variables[link + "_ADDR"] = address;
        }
    }

    private static string Text(int number) => number.ToString(CultureInfo.InvariantCulture);
}
