using k8s.Models;

namespace Orleans.StatefulSets.Resources.Quantities;

/// <summary>Arithmetic of resource lists (apiserver's <c>pkg/quota/v1/resources.go</c>). No list that is given is changed.</summary>
public static class ResourceList
{
    /// <summary>The empty list.</summary>
    public static IReadOnlyDictionary<string, Amount> None { get; } = new Dictionary<string, Amount>();

    /// <summary>The amounts of a list on the wire.</summary>
    public static IReadOnlyDictionary<string, Amount> Of(IDictionary<string, ResourceQuantity>? quantities) => quantities is not { Count: > 0 }
        ? None
        : quantities.ToDictionary(pair => pair.Key, pair => Amount.Of(pair.Value));

    /// <summary>The list on the wire, ordered by name.</summary>
    public static IDictionary<string, ResourceQuantity> ToQuantities(IReadOnlyDictionary<string, Amount> amounts) =>
        amounts.OrderBy(pair => pair.Key, StringComparer.Ordinal).ToDictionary(pair => pair.Key, pair => pair.Value.ToQuantity());

    /// <summary>Adds a list to a sum that the caller owns.</summary>
    public static void AddTo(Dictionary<string, Amount> sum, IReadOnlyDictionary<string, Amount> amounts)
    {
        foreach (var (name, amount) in amounts)
        {
            sum[name] = sum.TryGetValue(name, out var present) ? present + amount : amount;
        }
    }

    /// <summary>Takes a list off a sum that the caller owns.</summary>
    public static void TakeFrom(Dictionary<string, Amount> sum, IReadOnlyDictionary<string, Amount> amounts)
    {
        foreach (var (name, amount) in amounts)
        {
            sum[name] = (sum.TryGetValue(name, out var present) ? present : Amount.Zero) - amount;
        }
    }

    /// <summary>What is more in the first list than in the second (SubtractWithNonNegativeResult, without its zeros).</summary>
    public static IReadOnlyDictionary<string, Amount> Growth(IReadOnlyDictionary<string, Amount> next, IReadOnlyDictionary<string, Amount> before) =>
        next.Select(pair => (Name: pair.Key, Amount: before.TryGetValue(pair.Key, out var had) ? pair.Value - had : pair.Value))
            .Where(pair => pair.Amount.Value > 0)
            .ToDictionary(pair => pair.Name, pair => pair.Amount);

    /// <summary>Only the named resources, and of them what is not zero.</summary>
    public static IReadOnlyDictionary<string, Amount> Mask(IReadOnlyDictionary<string, Amount> amounts, IDictionary<string, ResourceQuantity>? names) =>
        amounts.Where(pair => pair.Value.Value != 0 && names?.ContainsKey(pair.Key) == true).ToDictionary();

    /// <summary>Whether two lists on the wire name the same resources and say the same of each.</summary>
    public static bool Same(IDictionary<string, ResourceQuantity>? left, IDictionary<string, ResourceQuantity>? right) =>
        (left?.Count ?? 0) == (right?.Count ?? 0)
        && (left is null || left.All(pair => right!.TryGetValue(pair.Key, out var other) && pair.Value.ToString() == other.ToString()));
}
