using System.Globalization;
using k8s.Models;
using Orleans.StatefulSets.Reconciliation.Pods;

namespace Orleans.StatefulSets.Reconciliation.Endpoints;

/// <summary>Which pods stand behind a Service, and at which ports.</summary>
internal static class ServiceMembership
{
    internal static bool IsSelected(V1Service service, V1Pod pod)
    {
        if (pod.Metadata.NamespaceProperty != service.Metadata.NamespaceProperty || pod.Metadata.Labels is not { } labels)
        {
            return false;
        }

        foreach (var (key, value) in service.Spec.Selector)
        {
            if (!labels.TryGetValue(key, out var actual) || actual != value)
            {
                return false;
            }
        }

        return true;
    }

    /// <summary>It has an address, and its containers have not ended for good.</summary>
    internal static bool HasAddress(V1Pod pod) => PodReadiness.PodIP(pod) is not null && !PodReadiness.IsTerminal(pod);

    /// <summary>The pod is the Service's own by name: it answers to <c>hostname.service</c>.</summary>
    internal static bool HasHostname(V1Service service, V1Pod pod) =>
        !string.IsNullOrEmpty(pod.Spec.Hostname) && pod.Spec.Subdomain == service.Metadata.Name;

    internal static bool PublishesNotReady(V1Service service) => service.Spec.PublishNotReadyAddresses == true;

    internal static V1ObjectReference Reference(V1Pod pod) => new()
    {
        Kind = "Pod",
        Name = pod.Metadata.Name,
        NamespaceProperty = pod.Metadata.NamespaceProperty,
        Uid = pod.Metadata.Uid,
    };

    /// <summary>The ports of a Service as one pod offers them; a named port that the pod doesn't have is left out.</summary>
    internal static List<ResolvedPort> Ports(V1Service service, V1Pod pod)
    {
        var resolved = new List<ResolvedPort>();
        foreach (var port in service.Spec.Ports ?? [])
        {
            if (Number(port, pod) is { } number)
            {
                resolved.Add(new ResolvedPort(port.Name ?? "", number, port.Protocol ?? "TCP", port.AppProtocol));
            }
        }

        return resolved;
    }

    /// <summary>The ports where they are the same for every pod, since none is a pod's port by name; else null.</summary>
    internal static List<ResolvedPort>? FixedPorts(V1Service service)
    {
        var resolved = new List<ResolvedPort>();
        foreach (var port in service.Spec.Ports ?? [])
        {
            if (Fixed(port) is not { } number)
            {
                return null;
            }

            resolved.Add(new ResolvedPort(port.Name ?? "", number, port.Protocol ?? "TCP", port.AppProtocol));
        }

        return resolved;
    }

    private static int? Number(V1ServicePort port, V1Pod pod) => Fixed(port) ?? Named(port.TargetPort.Value, port.Protocol ?? "TCP", pod);

    private static int? Fixed(V1ServicePort port)
    {
        var target = port.TargetPort?.Value;
        if (string.IsNullOrEmpty(target))
        {
            return port.Port;
        }

        return int.TryParse(target, NumberStyles.None, CultureInfo.InvariantCulture, out var number) && number > 0 ? number : null;
    }

    private static int? Named(string name, string protocol, V1Pod pod)
    {
        var sidecars = (pod.Spec.InitContainers ?? []).Where(InitContainers.IsSidecar);
        foreach (var container in pod.Spec.Containers.Concat(sidecars))
        {
            foreach (var port in container.Ports ?? [])
            {
                if (port.Name == name && (port.Protocol ?? "TCP") == protocol)
                {
                    return port.ContainerPort;
                }
            }
        }

        return null;
    }
}

/// <summary>A Service's port where a pod listens. Name is "" for an unnamed port.</summary>
internal readonly record struct ResolvedPort(string Name, int Port, string Protocol, string? AppProtocol);
