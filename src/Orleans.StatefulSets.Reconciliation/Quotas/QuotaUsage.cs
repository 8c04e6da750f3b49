using k8s.Models;
using Orleans.StatefulSets.Resources.Quantities;

namespace Orleans.StatefulSets.Reconciliation.Quotas;

/// <summary>What objects use of quotas, each kind by upstream's evaluator (pkg/quota/v1/evaluator/core, and the generic object count).</summary>
public static class QuotaUsage
{
    // Object counts that have a name from before count/<resource> (legacyObjectCountAliases).
    private static readonly HashSet<string> Aliases = ["configmaps", "resourcequotas", "replicationcontrollers", "secrets"];

    /// <summary>What one object uses.</summary>
    /// <param name="resource">Its resource with the group, <c>statefulsets.apps</c>.</param>
    /// <param name="model">The object.</param>
    /// <param name="now">The cluster's time.</param>
    public static IReadOnlyDictionary<string, Amount> Of(string resource, object model, DateTime now) => model switch
    {
        V1Pod pod => PodUsage.Of(pod, now),
        V1PersistentVolumeClaim claim => ClaimUsage.Of(claim),
        V1Service service => ServiceUsage.Of(service),
        _ => Aliases.Contains(resource)
            ? new Dictionary<string, Amount> { ["count/" + resource] = Amount.One, [resource] = Amount.One }
            : new Dictionary<string, Amount> { ["count/" + resource] = Amount.One },
    };

    /// <summary>Whether a resource that a quota limits is used by objects of a kind.</summary>
    /// <param name="resource">The kind's resource, <c>pods</c>.</param>
    /// <param name="limited">A name in <c>spec.hard</c>, <c>requests.cpu</c>.</param>
    public static bool Concerns(string resource, string limited) => resource switch
    {
        "pods" => PodUsage.Uses(limited),
        "persistentvolumeclaims" => ClaimUsage.Uses(limited),
        "services" => ServiceUsage.Uses(limited),
        "events" => false,
        _ => limited == "count/" + resource || (limited == resource && Aliases.Contains(resource)),
    };

    /// <summary>Whether a quota limits anything that objects of a kind use.</summary>
    public static bool Concerns(V1ResourceQuota quota, string resource) => quota.Spec.Hard?.Keys.Any(limited => Concerns(resource, limited)) == true;

    /// <summary>Whether an update of such an object may raise what it uses; pods are measured when they are made (Handles).</summary>
    public static bool GrowsByUpdates(string resource) => resource is "services" or "persistentvolumeclaims";
}
