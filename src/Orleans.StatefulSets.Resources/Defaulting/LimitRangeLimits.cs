using System.Globalization;
using k8s.Models;

namespace Orleans.StatefulSets.Resources.Defaulting;

/// <summary>One item of a LimitRange against what is asked for (minConstraint, maxConstraint and limitRequestRatioConstraint of LimitRanger).</summary>
internal static class LimitRangeLimits
{
    private static readonly Dictionary<string, ResourceQuantity> None = [];

    /// <summary>What a container or a pod breaks of an item.</summary>
    public static IEnumerable<string> Violations(V1LimitRangeItem item, IDictionary<string, ResourceQuantity>? requests, IDictionary<string, ResourceQuantity>? limits) =>
        Each(item.Min).Select(bound => BelowMinimum(item.Type, bound.Key, bound.Value, Get(requests, bound.Key), Get(limits, bound.Key)))
            .Concat(Each(item.Max).Select(bound => AboveMaximum(item.Type, bound.Key, bound.Value, Get(requests, bound.Key), Get(limits, bound.Key))))
            .Concat(Each(item.MaxLimitRequestRatio).Select(bound => AboveRatio(item.Type, bound.Key, bound.Value, Get(requests, bound.Key), Get(limits, bound.Key))))
            .OfType<string>();

    /// <summary>What a claim breaks of an item; a claim has no limits.</summary>
    public static IEnumerable<string> ClaimViolations(V1LimitRangeItem item, IDictionary<string, ResourceQuantity>? requests) =>
        Each(item.Min).Select(bound => BelowMinimum(item.Type, bound.Key, bound.Value, Get(requests, bound.Key), null))
            .Concat(Each(item.Max).Select(bound => AboveMaximumRequest(item.Type, bound.Key, bound.Value, Get(requests, bound.Key))))
            .OfType<string>();

    private static string? BelowMinimum(string type, string name, ResourceQuantity least, ResourceQuantity? request, ResourceQuantity? limit) =>
        request is null ? $"minimum {name} usage per {type} is {least}.  No request is specified"
        : request.ToDecimal() < least.ToDecimal() ? $"minimum {name} usage per {type} is {least}, but request is {request}"
        : limit is not null && limit.ToDecimal() < least.ToDecimal() ? $"minimum {name} usage per {type} is {least}, but limit is {limit}"
        : null;

    private static string? AboveMaximum(string type, string name, ResourceQuantity most, ResourceQuantity? request, ResourceQuantity? limit) =>
        limit is null ? $"maximum {name} usage per {type} is {most}.  No limit is specified"
        : limit.ToDecimal() > most.ToDecimal() ? $"maximum {name} usage per {type} is {most}, but limit is {limit}"
        : request is not null && request.ToDecimal() > most.ToDecimal() ? $"maximum {name} usage per {type} is {most}, but request is {request}"
        : null;

    private static string? AboveMaximumRequest(string type, string name, ResourceQuantity most, ResourceQuantity? request) =>
        request is null ? $"maximum {name} usage per {type} is {most}.  No request is specified"
        : request.ToDecimal() > most.ToDecimal() ? $"maximum {name} usage per {type} is {most}, but request is {request}"
        : null;

    private static string? AboveRatio(string type, string name, ResourceQuantity most, ResourceQuantity? request, ResourceQuantity? limit)
    {
        if (request is null || request.ToDecimal() == 0)
        {
            return $"{name} max limit to request ratio per {type} is {most}, but no request is specified or request is 0";
        }

        if (limit is null || limit.ToDecimal() == 0)
        {
            return $"{name} max limit to request ratio per {type} is {most}, but no limit is specified or limit is 0";
        }

        var ratio = limit.ToDecimal() / request.ToDecimal();
        return ratio > most.ToDecimal()
            ? string.Create(CultureInfo.InvariantCulture, $"{name} max limit to request ratio per {type} is {most}, but provided ratio is {ratio:0.000000}")
            : null;
    }

    private static ResourceQuantity? Get(IDictionary<string, ResourceQuantity>? amounts, string name) =>
        amounts is not null && amounts.TryGetValue(name, out var amount) ? amount : null;

    private static IEnumerable<KeyValuePair<string, ResourceQuantity>> Each(IDictionary<string, ResourceQuantity>? bounds) =>
        (bounds ?? None).OrderBy(bound => bound.Key, StringComparer.Ordinal);
}
