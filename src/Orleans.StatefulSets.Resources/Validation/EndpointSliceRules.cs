using k8s.Models;

namespace Orleans.StatefulSets.Resources.Validation;

/// <summary>ValidateEndpointSlice (pkg/apis/discovery/validation/validation.go).</summary>
internal static class EndpointSliceRules
{
    private const int MaxAddresses = 100;
    private const int MaxEndpoints = 1000;

    public static void Check(V1EndpointSlice model, FieldErrors errors)
    {
        if (string.IsNullOrEmpty(model.AddressType))
        {
            errors.Required("addressType");
        }
        else
        {
            errors.OneOf("addressType", model.AddressType, "FQDN", "IPv4", "IPv6");
        }

        if (model.Endpoints?.Count > MaxEndpoints)
        {
            errors.Add(new("FieldValueTooMany", "endpoints", $"Too many: {model.Endpoints.Count}: must have at most {MaxEndpoints} items"));
            return;
        }

        for (var index = 0; index < model.Endpoints?.Count; index++)
        {
            CheckEndpoint(model.Endpoints[index], model.AddressType, $"endpoints[{index}]", errors);
        }

        CheckPorts(model.Ports, errors);
    }

    private static void CheckEndpoint(V1Endpoint endpoint, string? addressType, string path, FieldErrors errors)
    {
        if (endpoint.Addresses is not { Count: > 0 })
        {
            errors.Required($"{path}.addresses", "must contain at least 1 address");
        }
        else if (endpoint.Addresses.Count > MaxAddresses)
        {
            errors.Add(new("FieldValueTooMany", $"{path}.addresses", $"Too many: {endpoint.Addresses.Count}: must have at most {MaxAddresses} items"));
        }

        for (var index = 0; index < endpoint.Addresses?.Count && addressType != "FQDN"; index++)
        {
            AddressRules.Check(endpoint.Addresses[index], $"{path}.addresses[{index}]", errors);
        }

        foreach (var problem in string.IsNullOrEmpty(endpoint.Hostname) ? [] : NameRules.Label(endpoint.Hostname))
        {
            errors.Invalid($"{path}.hostname", endpoint.Hostname, problem);
        }
    }

    private static void CheckPorts(IList<Discoveryv1EndpointPort>? ports, FieldErrors errors)
    {
        var names = new HashSet<string>();
        for (var index = 0; index < ports?.Count; index++)
        {
            var port = ports[index];
            if (!names.Add(port.Name ?? ""))
            {
                errors.Duplicate($"ports[{index}].name", port.Name);
            }

            if (!string.IsNullOrEmpty(port.Name))
            {
                foreach (var problem in NameRules.Label(port.Name))
                {
                    errors.Invalid($"ports[{index}].name", port.Name, problem);
                }
            }

            PortRules.CheckProtocol(port.Protocol, $"ports[{index}].protocol", errors);
        }
    }
}
