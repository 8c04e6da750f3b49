using k8s.Models;
using Orleans.StatefulSets.Resources.Quantities;

namespace Orleans.StatefulSets.Reconciliation.Quotas;

/// <summary>What a quota says to a write: how much it adds to <c>status.used</c>, or why it may not be.</summary>
/// <param name="Charge">What is added; empty where the quota does not count the object.</param>
/// <param name="Refusal">The text after <c>… is forbidden: </c>, or null.</param>
public sealed record QuotaAnswer(IReadOnlyDictionary<string, Amount> Charge, string? Refusal)
{
    internal static QuotaAnswer Nothing { get; } = new(ResourceList.None, null);
}

/// <summary>The admission plugin ResourceQuota (apiserver's <c>plugin/resourcequota/controller.go</c>, CheckRequest) for one quota.</summary>
public static class QuotaAdmission
{
    /// <summary>Whether an object may be stored.</summary>
    /// <param name="quota">The quota.</param>
    /// <param name="used">What is in use now.</param>
    /// <param name="resource">The object's resource, <c>pods</c>.</param>
    /// <param name="next">The object as it is to be stored.</param>
    /// <param name="before">The object as it is stored; null for a new one.</param>
    /// <param name="now">The cluster's time.</param>
    public static QuotaAnswer Check(
        V1ResourceQuota quota, IReadOnlyDictionary<string, Amount> used, string resource, object next, object? before, DateTime now)
    {
        if (!QuotaUsage.Concerns(quota, resource) || !QuotaScopes.Match(quota.Spec, next))
        {
            return QuotaAnswer.Nothing;
        }

        if (next is V1Pod pod && PodUsage.Unspecified(pod, quota.Spec.Hard.Keys) is { } unspecified)
        {
            return Refuse($"failed quota: {quota.Metadata.Name}: {unspecified}");
        }

        var usage = QuotaUsage.Of(resource, next, now);
        if (usage.Where(pair => pair.Value.Value < 0).Select(pair => pair.Key).Order(StringComparer.Ordinal).ToList() is { Count: > 0 } negative)
        {
            return Refuse($"quota usage is negative for resource(s): {string.Join(',', negative)}");
        }

        var added = before is not null && QuotaScopes.Match(quota.Spec, before)
            ? ResourceList.Growth(usage, QuotaUsage.Of(resource, before, now))
            : usage;
        var charge = ResourceList.Mask(added, quota.Spec.Hard);
        var exceeded = charge.Keys.Where(name => (Used(used, name) + charge[name]).Value > quota.Spec.Hard[name].ToDecimal()).Order(StringComparer.Ordinal).ToList();
        return exceeded.Count == 0
            ? new QuotaAnswer(charge, null)
            : Refuse($"exceeded quota: {quota.Metadata.Name}, requested: {Print(exceeded, name => charge[name])},"
                + $" used: {Print(exceeded, name => Used(used, name))}, limited: {Print(exceeded, name => Amount.Of(quota.Spec.Hard[name]))}");
    }

    private static QuotaAnswer Refuse(string why) => new(ResourceList.None, why);

    private static Amount Used(IReadOnlyDictionary<string, Amount> used, string name) => used.TryGetValue(name, out var amount) ? amount : Amount.Zero;

    private static string Print(IEnumerable<string> names, Func<string, Amount> amount) => string.Join(',', names.Select(name => $"{name}={amount(name)}"));
}
