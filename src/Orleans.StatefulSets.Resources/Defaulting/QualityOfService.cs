using k8s.Models;

namespace Orleans.StatefulSets.Resources.Defaulting;

/// <summary>A pod's QoS class by its cpu and memory (pkg/apis/core/helper/qos).</summary>
internal static class QualityOfService
{
    private static readonly string[] Counted = ["cpu", "memory"];

    /// <summary>Guaranteed, Burstable or BestEffort.</summary>
    public static string Of(V1PodSpec spec)
    {
        var requests = new Dictionary<string, decimal>();
        var limits = new Dictionary<string, decimal>();
        var everyoneIsLimited = true;
        foreach (var container in Containers(spec))
        {
            Add(requests, container.Resources?.Requests);
            var limited = Add(limits, container.Resources?.Limits);
            everyoneIsLimited &= limited == Counted.Length;
        }

        if (requests.Count == 0 && limits.Count == 0)
        {
            return "BestEffort";
        }

        var isGuaranteed = everyoneIsLimited
            && requests.Count == limits.Count
            && requests.All(request => limits.TryGetValue(request.Key, out var limit) && limit == request.Value);
        return isGuaranteed ? "Guaranteed" : "Burstable";
    }

    private static IEnumerable<V1Container> Containers(V1PodSpec spec) => (spec.Containers ?? []).Concat(spec.InitContainers ?? []);

    private static int Add(Dictionary<string, decimal> totals, IDictionary<string, ResourceQuantity>? amounts)
    {
        var found = 0;
        foreach (var name in Counted)
        {
            if (amounts is not null && amounts.TryGetValue(name, out var quantity) && quantity.ToDecimal() is > 0 and var amount)
            {
                totals[name] = totals.GetValueOrDefault(name) + amount;
                found++;
            }
        }

        return found;
    }
}
