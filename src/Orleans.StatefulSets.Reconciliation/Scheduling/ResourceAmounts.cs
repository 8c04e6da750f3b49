using k8s.Models;

namespace Orleans.StatefulSets.Reconciliation.Scheduling;

/// <summary>Amounts by resource name, in the resource's own unit (cores, bytes, pieces). Never changed once made.</summary>
internal sealed class ResourceAmounts
{
    private readonly Dictionary<string, decimal> amounts;

    private ResourceAmounts(Dictionary<string, decimal> amounts) => this.amounts = amounts;

    public static ResourceAmounts None { get; } = new([]);

    public IEnumerable<KeyValuePair<string, decimal>> All => amounts;

    public decimal this[string resource] => amounts.GetValueOrDefault(resource);

    public static ResourceAmounts Of(IDictionary<string, ResourceQuantity>? quantities) => quantities is not { Count: > 0 }
        ? None
        : new(quantities.ToDictionary(pair => pair.Key, pair => pair.Value.ToDecimal()));

    /// <summary>
    /// What a pod asks for (<c>component-helpers/resource</c>): the sum of its containers and its restartable init containers, or
    /// the largest that initialization needs at any moment, whichever is more, and the overhead.
    /// </summary>
    public static ResourceAmounts RequestedBy(V1Pod pod)
    {
        var running = new Dictionary<string, decimal>();
        var peak = new Dictionary<string, decimal>();
        foreach (var container in pod.Spec.InitContainers ?? [])
        {
            var isSidecar = container.RestartPolicy == "Always";
            foreach (var (resource, quantity) in RequestsOf(container.Resources))
            {
                var total = running.GetValueOrDefault(resource) + quantity.ToDecimal();
                peak[resource] = Math.Max(peak.GetValueOrDefault(resource), total);
                if (isSidecar)
                {
                    running[resource] = total;
                }
            }
        }

        foreach (var container in pod.Spec.Containers ?? [])
        {
            Add(running, RequestsOf(container.Resources));
        }

        foreach (var (resource, amount) in peak)
        {
            running[resource] = Math.Max(running.GetValueOrDefault(resource), amount);
        }

        Add(running, pod.Spec.Overhead);
        return running.Count == 0 ? None : new(running);
    }

    public ResourceAmounts Plus(ResourceAmounts other) => Combine(other, 1);

    public ResourceAmounts Minus(ResourceAmounts other) => Combine(other, -1);

    private ResourceAmounts Combine(ResourceAmounts other, int sign)
    {
        if (other.amounts.Count == 0)
        {
            return this;
        }

        var sum = new Dictionary<string, decimal>(amounts);
        foreach (var (resource, amount) in other.amounts)
        {
            sum[resource] = sum.GetValueOrDefault(resource) + (sign * amount);
        }

        return new(sum);
    }

    // Defaulting copies limits to requests where only a limit is given; a pod that came another way is read the same.
    private static IEnumerable<KeyValuePair<string, ResourceQuantity>> RequestsOf(V1ResourceRequirements? resources) =>
        (resources?.Requests ?? new Dictionary<string, ResourceQuantity>())
            .Concat((resources?.Limits ?? new Dictionary<string, ResourceQuantity>())
                .Where(limit => resources?.Requests?.ContainsKey(limit.Key) != true));

    private static void Add(Dictionary<string, decimal> sum, IEnumerable<KeyValuePair<string, ResourceQuantity>>? quantities)
    {
        foreach (var (resource, amount) in quantities ?? [])
        {
            sum[resource] = sum.GetValueOrDefault(resource) + amount.ToDecimal();
        }
    }
}
