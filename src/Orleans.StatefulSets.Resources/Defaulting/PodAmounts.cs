using System.Globalization;
using k8s.Models;

namespace Orleans.StatefulSets.Resources.Defaulting;

/// <summary>What a whole pod asks for and may use (<c>component-helpers/resource</c>): its containers together, or what its start needs at most.</summary>
internal static class PodAmounts
{
    public static IDictionary<string, ResourceQuantity> Requests(V1PodSpec spec) => Sum(spec, resources => resources?.Requests);

    public static IDictionary<string, ResourceQuantity> Limits(V1PodSpec spec) => Sum(spec, resources => resources?.Limits);

    private static Dictionary<string, ResourceQuantity> Sum(V1PodSpec spec, Func<V1ResourceRequirements?, IDictionary<string, ResourceQuantity>?> select)
    {
        var running = new Dictionary<string, decimal>();
        var peak = new Dictionary<string, decimal>();
        foreach (var container in spec.InitContainers ?? [])
        {
            foreach (var (name, amount) in select(container.Resources) ?? new Dictionary<string, ResourceQuantity>())
            {
                var total = running.GetValueOrDefault(name) + amount.ToDecimal();
                peak[name] = Math.Max(peak.GetValueOrDefault(name), total);
                if (container.RestartPolicy == "Always")
                {
                    running[name] = total;
                }
            }
        }

        foreach (var (name, amount) in (spec.Containers ?? []).SelectMany(container => select(container.Resources) ?? new Dictionary<string, ResourceQuantity>()))
        {
            running[name] = running.GetValueOrDefault(name) + amount.ToDecimal();
        }

        foreach (var (name, most) in peak)
        {
            running[name] = Math.Max(running.GetValueOrDefault(name), most);
        }

        return running.ToDictionary(pair => pair.Key, pair => Quantity(pair.Key, pair.Value));
    }

    // In the notation that people write them in: memory in powers of two, the rest in powers of ten.
    private static ResourceQuantity Quantity(string name, decimal amount)
    {
        string[] binary = ["Ti", "Gi", "Mi", "Ki"];
        var unit = 1024m * 1024 * 1024 * 1024;
        foreach (var suffix in name is "memory" or "ephemeral-storage" or "storage" ? binary : [])
        {
            if (amount >= unit && amount % unit == 0)
            {
                return new ResourceQuantity((amount / unit).ToString("0", CultureInfo.InvariantCulture) + suffix);
            }

            unit /= 1024;
        }

        return amount == decimal.Truncate(amount)
            ? new ResourceQuantity(amount.ToString("0", CultureInfo.InvariantCulture))
            : new ResourceQuantity(Math.Ceiling(amount * 1000).ToString("0", CultureInfo.InvariantCulture) + "m");
    }
}
