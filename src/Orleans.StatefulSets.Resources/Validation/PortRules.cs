using System.Globalization;
using k8s.Models;

namespace Orleans.StatefulSets.Resources.Validation;

/// <summary>Numbers, names and protocols of ports.</summary>
internal static class PortRules
{
    private const string Range = "must be between 1 and 65535, inclusive";

    public static void CheckNumber(int port, string path, FieldErrors errors)
    {
        if (port is < 1 or > 65535)
        {
            errors.Invalid(path, port, Range);
        }
    }

    public static void CheckNumberOrName(IntOrString? port, string path, FieldErrors errors)
    {
        if (port is null)
        {
            errors.Invalid(path, 0, Range);
        }
        else if (int.TryParse(port.Value, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var number))
        {
            CheckNumber(number, path, errors);
        }
        else
        {
            foreach (var problem in NameRules.PortName(port.Value ?? ""))
            {
                errors.Invalid(path, port.Value ?? "", problem);
            }
        }
    }

    public static void CheckProtocol(string? protocol, string path, FieldErrors errors)
    {
        if (string.IsNullOrEmpty(protocol))
        {
            errors.Required(path);
        }
        else
        {
            errors.OneOf(path, protocol, "SCTP", "TCP", "UDP");
        }
    }
}
