using k8s.Models;

namespace Orleans.StatefulSets.Resources.Validation;

/// <summary>ValidateLimitRange (pkg/apis/core/validation/validation.go).</summary>
internal static class LimitRangeRules
{
    private const string Claims = "PersistentVolumeClaim";
    private static readonly Dictionary<string, ResourceQuantity> None = [];

    public static void Check(IList<V1LimitRangeItem> limits, FieldErrors errors)
    {
        HashSet<string> seen = [];
        for (var index = 0; index < limits.Count; index++)
        {
            var path = $"spec.limits[{index}]";
            if (!seen.Add(limits[index].Type ?? ""))
            {
                errors.Duplicate($"{path}.type", limits[index].Type ?? "");
            }

            CheckItem(limits[index], path, errors);
        }
    }

    private static void CheckItem(V1LimitRangeItem item, string path, FieldErrors errors)
    {
        if (item.Type == "Pod")
        {
            Forbid(item.DefaultProperty, $"{path}.default", errors);
            Forbid(item.DefaultRequest, $"{path}.defaultRequest", errors);
        }

        if (item.Type == Claims && item.Min?.ContainsKey("storage") != true && item.Max?.ContainsKey("storage") != true)
        {
            errors.Required($"{path}.limits", "either minimum or maximum storage value is required, but neither was provided");
        }

        var (min, max, limit, request, ratio) = (item.Min ?? None, item.Max ?? None, item.DefaultProperty ?? None, item.DefaultRequest ?? None, item.MaxLimitRequestRatio ?? None);
        foreach (var name in min.Keys.Concat(max.Keys).Concat(limit.Keys).Concat(request.Keys).Concat(ratio.Keys).Distinct().Order(StringComparer.Ordinal))
        {
            CheckOrder(min, max, name, $"{path}.min[{name}]", "min", "max", errors);
            CheckOrder(min, request, name, $"{path}.defaultRequest[{name}]", "min", "default request", errors);
            CheckOrder(request, max, name, $"{path}.defaultRequest[{name}]", "default request", "max", errors);
            CheckOrder(request, limit, name, $"{path}.defaultRequest[{name}]", "default request", "default limit", errors);
            CheckOrder(min, limit, name, $"{path}.default[{name}]", "min", "default", errors);
            CheckOrder(limit, max, name, $"{path}.default[{name}]", "default", "max", errors);
            if (ratio.TryGetValue(name, out var most))
            {
                CheckRatio(most, min, max, name, path, errors);
            }
        }
    }

    private static void CheckOrder(
        IDictionary<string, ResourceQuantity> lower, IDictionary<string, ResourceQuantity> upper, string name, string path, string lowerName, string upperName, FieldErrors errors)
    {
        if (lower.TryGetValue(name, out var low) && upper.TryGetValue(name, out var high) && low.ToDecimal() > high.ToDecimal())
        {
            // The value that upstream names is the one whose field it names.
            var value = path.Contains(".default[", StringComparison.Ordinal) && lowerName == "min" || upperName == "default request" ? high : low;
            errors.Invalid(path, value.ToString(), $"{lowerName} value {low} is greater than {upperName} value {high}");
        }
    }

    private static void CheckRatio(
        ResourceQuantity ratio, IDictionary<string, ResourceQuantity> min, IDictionary<string, ResourceQuantity> max, string name, string path, FieldErrors errors)
    {
        if (ratio.ToDecimal() < 1)
        {
            errors.Invalid($"{path}.maxLimitRequestRatio[{name}]", ratio.ToString(), $"ratio {ratio} is less than 1");
        }

        if (min.TryGetValue(name, out var low) && max.TryGetValue(name, out var high) && low.ToDecimal() > 0 && ratio.ToDecimal() > high.ToDecimal() / low.ToDecimal())
        {
            var greatest = (high.ToDecimal() / low.ToDecimal()).ToString("0.000000", System.Globalization.CultureInfo.InvariantCulture);
            errors.Invalid($"{path}.maxLimitRequestRatio[{name}]", ratio.ToString(), $"ratio {ratio} is greater than max/min = {greatest}");
        }
    }

    private static void Forbid(IDictionary<string, ResourceQuantity>? amounts, string path, FieldErrors errors)
    {
        if (amounts is { Count: > 0 })
        {
            errors.Forbidden(path, "may not be specified when `type` is 'Pod'");
        }
    }
}
