using k8s.Models;
using Orleans.StatefulSets.Resources.Quantities;

namespace Orleans.StatefulSets.Reconciliation.Quotas;

/// <summary>What a pod uses of a quota (pkg/quota/v1/evaluator/core/pods.go).</summary>
internal static class PodUsage
{
    private const string ObjectCount = "count/pods";

    // "it was a mistake, but if a quota tracks cpu or memory related resources, the incoming pod is required to have those values set."
    private static readonly string[] MustBeSpecified = ["cpu", "limits.cpu", "limits.memory", "memory", "requests.cpu", "requests.memory"];

    private static readonly Dictionary<string, ResourceQuantity> NoAmounts = [];

    /// <summary>A pod that ended, or that should have been gone by now, uses nothing but its place in the store.</summary>
    public static IReadOnlyDictionary<string, Amount> Of(V1Pod pod, DateTime now)
    {
        var usage = new Dictionary<string, Amount> { [ObjectCount] = Amount.One };
        if (!IsTerminal(pod) && !(CountsUntil(pod) < now))
        {
            Account(usage, Sum(pod, resources => resources?.Requests, isLimit: false), Sum(pod, resources => resources?.Limits, isLimit: true));
        }

        return usage;
    }

    /// <summary>
    /// When a pod that is being deleted stops to count though it is still there: "if pods are stuck terminating (for example, a node is
    /// lost), we do not want to charge the user for that pod in quota".
    /// </summary>
    public static DateTime? CountsUntil(V1Pod pod) => pod.Metadata is { DeletionTimestamp: { } going, DeletionGracePeriodSeconds: { } grace }
        ? going.AddSeconds(grace)
        : null;

    /// <summary>What stays of a usage when the pod has ended.</summary>
    public static IReadOnlyDictionary<string, Amount> Ended(IReadOnlyDictionary<string, Amount> usage) =>
        usage.Where(pair => pair.Key == ObjectCount).ToDictionary();

    /// <summary>Whether a quota's resource is one that pods use (MatchingResources).</summary>
    public static bool Uses(string resource) =>
        resource is ObjectCount or "pods" or "ephemeral-storage" or "requests.ephemeral-storage" or "limits.ephemeral-storage"
        || MustBeSpecified.Contains(resource)
        || resource.StartsWith("hugepages-", StringComparison.Ordinal)
        || resource.StartsWith("requests.hugepages-", StringComparison.Ordinal)
        || (resource.StartsWith("requests.", StringComparison.Ordinal) && !IsNative(resource));

    /// <summary>The end of the sentence about what the pod's containers leave out of what the quota limits, or null (Constraints).</summary>
    public static string? Unspecified(V1Pod pod, IEnumerable<string> limited)
    {
        var required = limited.Where(MustBeSpecified.Contains).Order(StringComparer.Ordinal).ToList();
        var containers = (pod.Spec.Containers ?? []).Concat(pod.Spec.InitContainers ?? []).ToList();
        var missing = required
            .Select(resource => (Resource: resource, Containers: containers.Where(container => !Specifies(container, resource)).Select(container => container.Name)
                .Distinct().Order(StringComparer.Ordinal).ToList()))
            .Where(entry => entry.Containers.Count > 0)
            .Select(entry => $"{entry.Resource} for: {string.Join(',', entry.Containers)}")
            .ToList();
        return missing.Count == 0 ? null : $"must specify {string.Join("; ", missing)}";
    }

    private static bool IsTerminal(V1Pod pod) => pod.Status?.Phase is "Failed" or "Succeeded";

    private static bool Specifies(V1Container container, string resource) => resource.StartsWith("limits.", StringComparison.Ordinal)
        ? container.Resources?.Limits?.ContainsKey(resource["limits.".Length..]) == true
        : container.Resources?.Requests?.ContainsKey(resource.StartsWith("requests.", StringComparison.Ordinal) ? resource["requests.".Length..] : resource) == true;

    private static void Account(Dictionary<string, Amount> usage, Dictionary<string, Amount> requests, Dictionary<string, Amount> limits)
    {
        usage["pods"] = Amount.One;
        foreach (var (name, amount) in requests)
        {
            if (name is "cpu" or "memory" or "ephemeral-storage" || name.StartsWith("hugepages-", StringComparison.Ordinal))
            {
                usage[name] = amount;
                usage["requests." + name] = amount;
            }
            else if (!IsNative(name) && !name.StartsWith("requests.", StringComparison.Ordinal))
            {
                // Overcommit is not possible for extended resources: there is only requests.<name>.
                usage["requests." + name] = amount;
            }
        }

        foreach (var (name, amount) in limits.Where(limit => limit.Key is "cpu" or "memory" or "ephemeral-storage"))
        {
            usage["limits." + name] = amount;
        }
    }

    private static bool IsNative(string resource) =>
        !resource.Contains('/', StringComparison.Ordinal) || resource.Contains("kubernetes.io/", StringComparison.Ordinal);

    // PodRequests and PodLimits of component-helpers/resource: the containers and sidecars together, or what the start needs at most.
    private static Dictionary<string, Amount> Sum(V1Pod pod, Func<V1ResourceRequirements?, IDictionary<string, ResourceQuantity>?> select, bool isLimit)
    {
        var running = new Dictionary<string, Amount>();
        var peak = new Dictionary<string, Amount>();
        foreach (var container in pod.Spec.InitContainers ?? [])
        {
            foreach (var (name, quantity) in select(container.Resources) ?? NoAmounts)
            {
                var total = running.GetValueOrDefault(name, Amount.Zero) + Amount.Of(quantity);
                peak[name] = Larger(peak.GetValueOrDefault(name, Amount.Zero), total);
                if (container.RestartPolicy == "Always")
                {
                    running[name] = total;
                }
            }
        }

        foreach (var container in pod.Spec.Containers ?? [])
        {
            ResourceList.AddTo(running, ResourceList.Of(select(container.Resources)));
        }

        foreach (var (name, most) in peak)
        {
            running[name] = Larger(running.GetValueOrDefault(name, Amount.Zero), most);
        }

        // The overhead raises a limit that there is, and makes none.
        foreach (var (name, overhead) in ResourceList.Of(pod.Spec.Overhead))
        {
            var present = running.GetValueOrDefault(name, Amount.Zero);
            if (!isLimit || present.Value != 0)
            {
                running[name] = present + overhead;
            }
        }

        return running;
    }

    private static Amount Larger(Amount left, Amount right) => right.Value > left.Value || left.Value == 0 ? right : left;
}
