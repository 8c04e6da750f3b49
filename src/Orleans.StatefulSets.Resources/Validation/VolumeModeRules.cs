using k8s.Models;

namespace Orleans.StatefulSets.Resources.Validation;

/// <summary>What claims and volumes share: access modes and amounts of storage.</summary>
internal static class VolumeModeRules
{
    private const string OncePod = "ReadWriteOncePod";

    public static void CheckAccessModes(IList<string>? modes, string path, FieldErrors errors)
    {
        foreach (var mode in modes ?? [])
        {
            errors.OneOf(path, mode, "ReadOnlyMany", "ReadWriteMany", "ReadWriteOnce", OncePod);
        }

        if (modes is { Count: > 1 } && modes.Contains(OncePod))
        {
            errors.Forbidden(path, "may not use ReadWriteOncePod with other access modes");
        }
    }

    public static void CheckPositive(ResourceQuantity quantity, string path, FieldErrors errors)
    {
        if (quantity.ToDecimal() <= 0)
        {
            errors.Invalid(path, quantity, "must be greater than zero");
        }
    }
}
