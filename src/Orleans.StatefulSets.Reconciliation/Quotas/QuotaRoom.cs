using k8s.Models;

namespace Orleans.StatefulSets.Reconciliation.Quotas;

/// <summary>How one revision of a quota differs from the one before.</summary>
public static class QuotaRoom
{
    /// <summary>Whether something that was refused may fit now: more is allowed of something, or less is used.</summary>
    public static bool Grew(V1ResourceQuota? before, V1ResourceQuota after)
    {
        if (before is null)
        {
            return false;
        }

        return before.Spec.Hard?.Any(hard => after.Spec.Hard?.TryGetValue(hard.Key, out var now) != true || now!.ToDecimal() > hard.Value.ToDecimal()) == true
            || before.Status?.Used?.Any(used => after.Status?.Used?.TryGetValue(used.Key, out var now) != true || now!.ToDecimal() < used.Value.ToDecimal()) == true;
    }

    /// <summary>Whether two specs count the same objects by the same resources; how much they allow does not matter.</summary>
    public static bool CountSame(V1ResourceQuotaSpec one, V1ResourceQuotaSpec other) =>
        (one.Hard ?? new Dictionary<string, ResourceQuantity>()).Keys.ToHashSet().SetEquals((other.Hard ?? new Dictionary<string, ResourceQuantity>()).Keys)
        && (one.Scopes ?? []).SequenceEqual(other.Scopes ?? [])
        && SelectorOf(one) == SelectorOf(other);

    private static string SelectorOf(V1ResourceQuotaSpec spec) => string.Join(
        ';', (spec.ScopeSelector?.MatchExpressions ?? []).Select(requirement => $"{requirement.ScopeName} {requirement.OperatorProperty} {string.Join(',', requirement.Values ?? [])}"));
}
