using System.Net;
using k8s.Models;

namespace Orleans.StatefulSets.Resources.Validation;

/// <summary>ValidateService and its update (pkg/apis/core/validation/validation.go).</summary>
internal static class ServiceRules
{
    public static void Check(V1ServiceSpec spec, FieldErrors errors)
    {
        var isHeadless = spec.ClusterIP == "None";
        if (spec.Ports is not { Count: > 0 } && !isHeadless && spec.Type != "ExternalName")
        {
            errors.Required("spec.ports");
        }

        errors.OneOf("spec.type", spec.Type, "ClusterIP", "ExternalName", "LoadBalancer", "NodePort");
        switch (spec.Type)
        {
            case "LoadBalancer" or "NodePort" when isHeadless:
                errors.Invalid("spec.clusterIPs[0]", "None", $"may not be set to 'None' for {spec.Type} services");
                break;
            case "ExternalName":
                CheckExternalName(spec, errors);
                break;
        }

        errors.OneOf("spec.sessionAffinity", spec.SessionAffinity, "ClientIP", "None");
        ObjectMetaRules.CheckLabels(spec.Selector, "spec.selector", errors);
        CheckAddresses(spec, errors);
        CheckPorts(spec, errors);
        if (!string.IsNullOrEmpty(spec.ExternalTrafficPolicy))
        {
            errors.OneOf("spec.externalTrafficPolicy", spec.ExternalTrafficPolicy, "Cluster", "Local");
        }

        if (spec.InternalTrafficPolicy is not null)
        {
            errors.OneOf("spec.internalTrafficPolicy", spec.InternalTrafficPolicy, "Cluster", "Local");
        }
    }

    public static void CheckUpdate(V1ServiceSpec next, V1ServiceSpec current, FieldErrors errors)
    {
        if (current.Type == "ExternalName" || next.Type == "ExternalName" || string.IsNullOrEmpty(current.ClusterIP))
        {
            return;
        }

        if (string.IsNullOrEmpty(next.ClusterIP))
        {
            errors.Invalid("spec.clusterIPs[0]", "", "primary clusterIP can not be unset");
        }
        else if (next.ClusterIP != current.ClusterIP)
        {
            errors.Invalid("spec.clusterIPs[0]", next.ClusterIPs, "may not change once set");
        }
    }

    private static void CheckExternalName(V1ServiceSpec spec, FieldErrors errors)
    {
        if (!string.IsNullOrEmpty(spec.ClusterIP))
        {
            errors.Forbidden("spec.clusterIPs", "may not be set for ExternalName services");
        }

        var name = spec.ExternalName?.TrimEnd('.') ?? "";
        if (name.Length == 0)
        {
            errors.Required("spec.externalName");
            return;
        }

        foreach (var problem in NameRules.Subdomain(name))
        {
            errors.Invalid("spec.externalName", name, problem);
        }
    }

    private static void CheckAddresses(V1ServiceSpec spec, FieldErrors errors)
    {
        for (var index = 0; index < spec.ClusterIPs?.Count; index++)
        {
            var address = spec.ClusterIPs[index];
            if (address == "None" && index == 0)
            {
                continue;
            }

            if (!IPAddress.TryParse(address, out _))
            {
                errors.Invalid($"spec.clusterIPs[{index}]", address, "must be a valid IP address, (e.g. 10.9.8.7 or 2001:db8::ffff)");
            }
        }

        if (!string.IsNullOrEmpty(spec.ClusterIP) && spec.ClusterIPs is { Count: > 0 } && spec.ClusterIPs[0] != spec.ClusterIP)
        {
            errors.Invalid("spec.clusterIPs", spec.ClusterIPs, "first value must match `clusterIP`");
        }

        for (var index = 0; index < spec.ExternalIPs?.Count; index++)
        {
            if (!IPAddress.TryParse(spec.ExternalIPs[index], out _))
            {
                errors.Invalid($"spec.externalIPs[{index}]", spec.ExternalIPs[index], "must be a valid IP address, (e.g. 10.9.8.7 or 2001:db8::ffff)");
            }
        }
    }

    private static void CheckPorts(V1ServiceSpec spec, FieldErrors errors)
    {
        var names = new HashSet<string>();
        var seen = new HashSet<(string?, int)>();
        var needsName = spec.Ports is { Count: > 1 };
        for (var index = 0; index < spec.Ports?.Count; index++)
        {
            var port = spec.Ports[index];
            var path = $"spec.ports[{index}]";
            CheckPortName(port, path, needsName, names, errors);
            PortRules.CheckNumber(port.Port, $"{path}.port", errors);
            PortRules.CheckProtocol(port.Protocol, $"{path}.protocol", errors);
            PortRules.CheckNumberOrName(port.TargetPort, $"{path}.targetPort", errors);
            if (port.NodePort is > 0 && spec.Type is not ("NodePort" or "LoadBalancer"))
            {
                errors.Forbidden($"{path}.nodePort", "may not be used when `type` is 'ClusterIP'");
            }

            if (!seen.Add((port.Protocol, port.Port)))
            {
                errors.Duplicate(path, new GoLiteral(
                    $"core.ServicePort{{Name:\"\", Protocol:{GoValue.Quote(port.Protocol)}, AppProtocol:(*string)(nil), Port:{port.Port}, TargetPort:intstr.IntOrString{{Type:0, IntVal:0, StrVal:\"\"}}, NodePort:0}}"));
            }
        }
    }

    private static void CheckPortName(V1ServicePort port, string path, bool needsName, HashSet<string> names, FieldErrors errors)
    {
        if (string.IsNullOrEmpty(port.Name))
        {
            if (needsName)
            {
                errors.Required($"{path}.name");
            }

            return;
        }

        foreach (var problem in NameRules.Label(port.Name))
        {
            errors.Invalid($"{path}.name", port.Name, problem);
        }

        if (!names.Add(port.Name))
        {
            errors.Duplicate($"{path}.name", port.Name);
        }
    }
}
