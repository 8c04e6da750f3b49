using k8s.Models;

namespace Orleans.StatefulSets.Reconciliation.Disruption;

/// <summary>
/// The pods whose eviction was granted and whose deletion was not yet seen (buildDisruptedPodMap of the disruption controller).
/// </summary>
/// <param name="Names">The pods that still count as disrupted, each with the moment of its grant.</param>
/// <param name="LookAgainAt">When the first of these grants lapses.</param>
/// <param name="Stayed">The pods whose grant lapsed: they should have gone and are still there.</param>
internal sealed record DisruptedPods(Dictionary<string, DateTime?> Names, DateTime? LookAgainAt, IReadOnlyList<string> Stayed)
{
    // DeletionTimeout: so long may the deletion take to begin; after that it is taken for granted that it will not.
    private static readonly TimeSpan DeletionTimeout = TimeSpan.FromMinutes(2);

    /// <param name="budget">The budget with the grants that are not settled.</param>
    /// <param name="pods">The pods that it selects.</param>
    /// <param name="grantedUids">The uids of pods by name, where it is remembered which pod a grant was for.</param>
    /// <param name="now">The cluster's time.</param>
    public static DisruptedPods Of(V1PodDisruptionBudget budget, IEnumerable<BudgetedPod> pods, IReadOnlyDictionary<string, string> grantedUids, DateTime now)
    {
        Dictionary<string, DateTime?> names = new(StringComparer.Ordinal);
        List<string> stayed = [];
        DateTime? next = null;
        if (budget.Status?.DisruptedPods is not { Count: > 0 } granted)
        {
            return new DisruptedPods(names, null, stayed);
        }

        foreach (var pod in pods)
        {
            if (pod.IsTerminating || !granted.TryGetValue(pod.Name, out var time) || time is not { } since
                || IsSuccessor(pod, since, grantedUids))
            {
                continue;
            }

            var expected = since + DeletionTimeout;
            if (expected < now)
            {
                stayed.Add(pod.Name);
                continue;
            }

            next = next < expected ? next : expected;
            names[pod.Name] = since;
        }

        return new DisruptedPods(names, next, stayed);
    }

    /// <summary>Whether a pod counts as healthy: it is ready, stays, and nobody was allowed to evict it.</summary>
    public bool CountsAsHealthy(BudgetedPod pod, DateTime now) => pod.IsReady && !pod.IsTerminating && !WasGranted(pod, now);

    // A set makes the next pod of the name at once, maybe before anybody saw the old one go: the grant is not the new one's.
    private static bool IsSuccessor(BudgetedPod pod, DateTime since, IReadOnlyDictionary<string, string> grantedUids) =>
        grantedUids.TryGetValue(pod.Name, out var uid) ? uid != pod.Uid : pod.CreatedAt > since;

    private bool WasGranted(BudgetedPod pod, DateTime now) => Names.TryGetValue(pod.Name, out var since) && since + DeletionTimeout > now;
}
