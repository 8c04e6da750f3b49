using k8s.Models;

namespace Orleans.StatefulSets.Resources.Validation;

/// <summary>ValidateNode and its update (pkg/apis/core/validation/validation.go).</summary>
internal static class NodeRules
{
    public static void Check(V1NodeSpec spec, FieldErrors errors)
    {
        var seen = new HashSet<(string?, string?)>();
        for (var index = 0; index < spec.Taints?.Count; index++)
        {
            var taint = spec.Taints[index];
            var path = $"spec.taints[{index}]";
            foreach (var problem in NameRules.QualifiedName(taint.Key ?? ""))
            {
                errors.Invalid($"{path}.key", taint.Key ?? "", problem);
            }

            foreach (var problem in NameRules.LabelValue(taint.Value ?? ""))
            {
                errors.Invalid($"{path}.value", taint.Value, problem);
            }

            if (string.IsNullOrEmpty(taint.Effect))
            {
                errors.Required($"{path}.effect");
            }
            else
            {
                errors.OneOf($"{path}.effect", taint.Effect, "NoSchedule", "PreferNoSchedule", "NoExecute");
            }

            if (!seen.Add((taint.Key, taint.Effect)))
            {
                errors.Duplicate(path, new GoLiteral(
                    $"core.Taint{{Key:{GoValue.Quote(taint.Key)}, Value:{GoValue.Quote(taint.Value)}, Effect:{GoValue.Quote(taint.Effect)}, TimeAdded:<nil>}}"));
            }
        }
    }

    public static void CheckUpdate(V1NodeSpec next, V1NodeSpec current, FieldErrors errors)
    {
        if (!string.IsNullOrEmpty(current.ProviderID) && next.ProviderID != current.ProviderID)
        {
            errors.Forbidden("spec.providerID", "node updates may not change providerID except from \"\" to valid");
        }

        if (!string.IsNullOrEmpty(current.PodCIDR) && next.PodCIDR != current.PodCIDR)
        {
            errors.Forbidden("spec.podCIDRs", "node updates may not change podCIDR except from \"\" to valid");
        }
    }
}
