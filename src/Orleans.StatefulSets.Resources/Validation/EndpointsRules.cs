using System.Net;
using k8s.Models;

namespace Orleans.StatefulSets.Resources.Validation;

/// <summary>ValidateEndpoints (pkg/apis/core/validation/validation.go).</summary>
internal static class EndpointsRules
{
    public static void Check(IList<V1EndpointSubset>? subsets, FieldErrors errors)
    {
        for (var index = 0; index < subsets?.Count; index++)
        {
            var subset = subsets[index];
            var path = $"subsets[{index}]";
            if (subset.Addresses is not { Count: > 0 } && subset.NotReadyAddresses is not { Count: > 0 })
            {
                errors.Required(path, "must specify `addresses` or `notReadyAddresses`");
            }

            CheckAddresses(subset.Addresses, $"{path}.addresses", errors);
            CheckAddresses(subset.NotReadyAddresses, $"{path}.notReadyAddresses", errors);
            CheckPorts(subset.Ports, $"{path}.ports", errors);
        }
    }

    private static void CheckAddresses(IList<V1EndpointAddress>? addresses, string path, FieldErrors errors)
    {
        for (var index = 0; index < addresses?.Count; index++)
        {
            var address = addresses[index];
            AddressRules.Check(address.Ip, $"{path}[{index}].ip", errors);
            foreach (var problem in string.IsNullOrEmpty(address.Hostname) ? [] : NameRules.Label(address.Hostname))
            {
                errors.Invalid($"{path}[{index}].hostname", address.Hostname, problem);
            }
        }
    }

    private static void CheckPorts(IList<Corev1EndpointPort>? ports, string path, FieldErrors errors)
    {
        for (var index = 0; index < ports?.Count; index++)
        {
            var port = ports[index];
            if (string.IsNullOrEmpty(port.Name))
            {
                if (ports.Count > 1)
                {
                    errors.Required($"{path}[{index}].name");
                }
            }
            else
            {
                foreach (var problem in NameRules.Label(port.Name))
                {
                    errors.Invalid($"{path}[{index}].name", port.Name, problem);
                }
            }

            PortRules.CheckNumber(port.Port, $"{path}[{index}].port", errors);
            PortRules.CheckProtocol(port.Protocol, $"{path}[{index}].protocol", errors);
        }
    }
}

/// <summary>An address that traffic may be sent to (ValidateEndpointIP).</summary>
internal static class AddressRules
{
    public static void Check(string? text, string path, FieldErrors errors)
    {
        if (!IPAddress.TryParse(text, out var address))
        {
            errors.Invalid(path, text ?? "", "must be a valid IP address, (e.g. 10.9.8.7 or 2001:db8::ffff)");
        }
        else if (IPAddress.IsLoopback(address))
        {
            errors.Invalid(path, text, "may not be in the loopback range (127.0.0.0/8, ::1/128)");
        }
        else if (address.Equals(IPAddress.Any) || address.Equals(IPAddress.IPv6Any))
        {
            errors.Invalid(path, text, "may not be unspecified (0.0.0.0 or ::)");
        }
    }
}
