using k8s.Models;
using Orleans.StatefulSets.Resources.Defaulting;

namespace Orleans.StatefulSets.Resources.Validation;

/// <summary>ValidatePriorityClass and its update (pkg/apis/scheduling/validation/validation.go).</summary>
internal static class PriorityClassRules
{
    private const int HighestUserDefinable = 1_000_000_000;

    public static void Check(V1PriorityClass model, FieldErrors errors)
    {
        if (model.Metadata.Name?.StartsWith(SystemPriorityClasses.Prefix, StringComparison.Ordinal) == true)
        {
            if (WhyNotSystem(model) is { } why)
            {
                errors.Forbidden("metadata.name", $"priority class names with '{SystemPriorityClasses.Prefix}' prefix are reserved for system use only. error: {why}");
            }
        }
        else if (model.Value > HighestUserDefinable)
        {
            errors.Forbidden("value", $"maximum allowed value of a user defined priority is {HighestUserDefinable}");
        }

        if (model.PreemptionPolicy is "")
        {
            errors.Required("preemptionPolicy");
        }
        else if (model.PreemptionPolicy is { } policy)
        {
            errors.OneOf("preemptionPolicy", policy, "PreemptLowerPriority", "Never");
        }
    }

    public static void CheckUpdate(V1PriorityClass next, V1PriorityClass current, FieldErrors errors)
    {
        if (next.Value != current.Value)
        {
            errors.Forbidden("value", "may not be changed in an update.");
        }

        ObjectMetaRules.CheckImmutable("preemptionPolicy", next.PreemptionPolicy, current.PreemptionPolicy, errors);
    }

    private static string? WhyNotSystem(V1PriorityClass model)
    {
        var name = model.Metadata.Name;
        return SystemPriorityClasses.Find(name) switch
        {
            null => $"{name} is not a known system priority class",
            var known when known.Value != model.Value => $"value of {name} PriorityClass must be {known.Value}",
            _ when model.GlobalDefault == true => $"globalDefault of {name} PriorityClass must be false",
            _ => null,
        };
    }
}
