using k8s.Models;
using Orleans.StatefulSets.Reconciliation.Pods;
using Orleans.StatefulSets.Resources.Errors;
using Orleans.StatefulSets.Resources.Kinds;
using Orleans.StatefulSets.Resources.Objects;
using Orleans.StatefulSets.Resources.Selectors;

namespace Orleans.StatefulSets.Reconciliation.Disruption;

/// <summary>Whether a pod may be evicted, as the API server's eviction subresource decides (<c>registry/core/pod/storage/eviction.go</c>).</summary>
public static class EvictionRules
{
    // MaxDisruptedPodSize.
    private const int MostGrants = 2000;

    private const int RetryAfterSeconds = 10;

    private const string Refusal = "Cannot evict pod as it would violate the pod's disruption budget.";

    /// <summary>The pod is deleted whatever its budget says: it has ended, has not begun, or is going already.</summary>
    public static bool IgnoresBudgets(V1Pod pod) =>
        PodReadiness.IsTerminal(pod) || pod.Status?.Phase == "Pending" || PodReadiness.IsTerminating(pod);

    /// <summary>The pod that ignores budgets could become one that does not: it must still be the revision that was looked at.</summary>
    public static bool MustBeUnchanged(V1Pod pod) => !PodReadiness.IsTerminal(pod) && !PodReadiness.IsTerminating(pod);

    /// <summary>The budgets that guard a pod; one with a selector that cannot be read guards nothing.</summary>
    public static IReadOnlyList<StoredObject> BudgetsOf(V1Pod pod, IEnumerable<StoredObject> budgets) =>
        [.. budgets.Where(item => Guards(item.As<V1PodDisruptionBudget>(), pod.Metadata.Labels))];

    /// <summary>Whether a budget selects a pod of these labels. No selector selects none, an empty one all.</summary>
    public static bool Guards(V1PodDisruptionBudget budget, IDictionary<string, string>? labels)
    {
        try
        {
            return LabelSelector.From(budget.Spec?.Selector).Matches(labels);
        }
        catch (ApiException)
        {
            return false;
        }
    }

    /// <summary>A pod that is not ready takes nothing from the budget: it goes where unhealthy pods always may, or where enough others are healthy.</summary>
    public static bool PassesAsUnhealthy(V1Pod pod, V1PodDisruptionBudget budget) =>
        !PodReadiness.IsReady(pod)
        && (budget.Spec.UnhealthyPodEvictionPolicy == "AlwaysAllow"
            || (budget.Status?.CurrentHealthy >= budget.Status?.DesiredHealthy && budget.Status?.DesiredHealthy > 0));

    /// <summary>The budget with one disruption less and the pod among its disrupted ones (checkAndDecrement).</summary>
    /// <exception cref="ApiException">429: it allows none, or has not been looked at since it changed. 403: its status is broken.</exception>
    public static V1PodDisruptionBudget Grant(V1PodDisruptionBudget budget, string podName, DateTime now)
    {
        var status = budget.Status ?? new V1PodDisruptionBudgetStatus();
        if ((status.ObservedGeneration ?? 0) < (budget.Metadata.Generation ?? 0))
        {
            throw StillProcessed(budget.Metadata.Name);
        }

        if (status.DisruptionsAllowed < 0)
        {
            throw Forbidden(budget, "pdb disruptions allowed is negative");
        }

        if (status.DisruptedPods?.Count > MostGrants)
        {
            throw Forbidden(budget, "DisruptedPods map too big - too many evictions not confirmed by PDB controller");
        }

        if (status.DisruptionsAllowed == 0)
        {
            throw TooManyRequests(WhyNot(budget.Metadata.Name, status), retryAfterSeconds: 0);
        }

        var left = status with
        {
            DisruptionsAllowed = status.DisruptionsAllowed - 1,
            DisruptedPods = new Dictionary<string, DateTime?>(status.DisruptedPods ?? new Dictionary<string, DateTime?>()) { [podName] = now },
        };
        return budget with { Status = left.DisruptionsAllowed == 0 ? BudgetConditions.Update(left, now) : left };
    }

    /// <summary>The refusal of a pod that several budgets guard.</summary>
    public static ApiException MoreThanOneBudget() => new(new V1Status
    {
        ApiVersion = "v1",
        Kind = "Status",
        Metadata = new V1ListMeta(),
        Status = "Failure",
        Code = 500,
        Message = "This pod has more than one PodDisruptionBudget, which the eviction subresource does not support.",
    });

    /// <summary>The budget, or the pod that seemed not to need it, changed meanwhile: the client is to ask again.</summary>
    public static ApiException StillProcessed(string budgetName) =>
        TooManyRequests($"The disruption budget {budgetName} is still being processed by the server.", RetryAfterSeconds);

    // What the count says is not to be trusted where it failed, so that is said first.
    private static string WhyNot(string name, V1PodDisruptionBudgetStatus status)
    {
        var refused = BudgetConditions.Find(status) is { Status: "False", Message.Length: > 0 } condition ? condition : null;
        return refused switch
        {
            { Reason: BudgetConditions.SyncFailed } => $"The disruption budget {name} does not allow evicting pods currently because it failed sync: {refused.Message}",
            _ when status.CurrentHealthy <= status.DesiredHealthy =>
                $"The disruption budget {name} needs {status.DesiredHealthy} healthy pods and has {status.CurrentHealthy} currently",
            not null => $"The disruption budget {name} does not allow evicting pods currently ({refused.Reason}): {refused.Message}",
            _ => $"The disruption budget {name} does not allow evicting pods currently",
        };
    }

    private static ApiException TooManyRequests(string cause, int retryAfterSeconds)
    {
        var status = ApiErrors.TooManyRequests(Refusal, retryAfterSeconds).Status;
        return new ApiException(status with
        {
            Details = status.Details with { Causes = [new V1StatusCause { Reason = "DisruptionBudget", Message = cause }] },
        });
    }

    // Upstream writes the resource of this one refusal in the singular.
    private static ApiException Forbidden(V1PodDisruptionBudget budget, string why) =>
        ApiErrors.Forbidden(ResourceKinds.PodDisruptionBudgets with { Plural = "poddisruptionbudget" }, budget.Metadata.Name, why);
}
