using k8s.Models;
using Orleans.StatefulSets.Reconciliation.Disruption;
using Orleans.StatefulSets.Resources.Errors;

namespace Orleans.StatefulSets.Reconciliation.Tests.Disruption;

/// <summary>The sentences are those of "API-initiated Eviction" and of the API reference of policy/v1.</summary>
public sealed class EvictionRulesTests
{
    // "When you request an eviction … the API server performs admission checks". A pod that has ended, has not begun or is going already
    // disturbs nobody by going, so that its budget is not asked.
    [Theory]
    [InlineData("Pending", false, true, true)]
    [InlineData("Succeeded", false, true, false)]
    [InlineData("Failed", false, true, false)]
    [InlineData("Running", true, true, false)]
    [InlineData("Running", false, false, true)]
    public void Pods_that_do_not_run_pass_whatever_the_budget_says(string phase, bool isGoing, bool passes, bool mustBeUnchanged)
    {
        var pod = Pod(phase: phase, isGoing: isGoing);

        Assert.Equal((passes, mustBeUnchanged), (EvictionRules.IgnoresBudgets(pod), EvictionRules.MustBeUnchanged(pod)));
    }

    // "IfHealthyBudget: Running pods (.status.phase="Running"), but not yet healthy can be evicted only if the guarded application is not
    // disrupted (.status.currentHealthy is at least equal to .status.desiredHealthy)."
    // "AlwaysAllow: Running pods … but not yet healthy are considered disrupted and can be evicted regardless of whether the criteria in a
    // PDB is met."
    [Theory]
    [InlineData(null, 2, 2, false, true)]
    [InlineData("IfHealthyBudget", 2, 2, false, true)]
    [InlineData("IfHealthyBudget", 1, 2, false, false)]
    [InlineData("IfHealthyBudget", 0, 0, false, false)]
    [InlineData("AlwaysAllow", 0, 2, false, true)]
    [InlineData("AlwaysAllow", 3, 2, true, false)]
    public void A_pod_that_is_not_ready_passes_by_the_budgets_policy(string? policy, int healthy, int desired, bool isReady, bool passes)
    {
        var budget = Budgets.Of("2", status: new V1PodDisruptionBudgetStatus { CurrentHealthy = healthy, DesiredHealthy = desired });
        budget = budget with { Spec = budget.Spec with { UnhealthyPodEvictionPolicy = policy } };

        Assert.Equal(passes, EvictionRules.PassesAsUnhealthy(Pod(isReady: isReady), budget));
    }

    // "A null selector will match no pods, while an empty ({}) selector will select all pods within the namespace."
    [Fact]
    public void No_selector_guards_nothing_and_an_empty_one_everything()
    {
        var none = new V1PodDisruptionBudget { Spec = new V1PodDisruptionBudgetSpec() };
        var empty = new V1PodDisruptionBudget { Spec = new V1PodDisruptionBudgetSpec { Selector = new V1LabelSelector() } };

        Assert.False(EvictionRules.Guards(none, Pod().Metadata.Labels));
        Assert.True(EvictionRules.Guards(empty, Pod().Metadata.Labels));
        Assert.True(EvictionRules.Guards(empty, null));
    }

    [Fact]
    public void A_grant_takes_one_disruption_and_names_the_pod()
    {
        var budget = Budgets.Of("2", status: Budgets.Allowing(2));

        var once = EvictionRules.Grant(budget, "web-0", Budgets.Now);
        var twice = EvictionRules.Grant(once, "web-1", Budgets.Now);

        Assert.Equal((2, 1, 0), (budget.Status.DisruptionsAllowed, once.Status.DisruptionsAllowed, twice.Status.DisruptionsAllowed));
        Assert.Equal(["web-0", "web-1"], twice.Status.DisruptedPods.Keys.Order());
        Assert.Equal("InsufficientPods", Assert.Single(twice.Status.Conditions).Reason);
        Assert.Throws<ApiException>(() => EvictionRules.Grant(twice, "web-2", Budgets.Now));
    }

    // "429 Too Many Requests: the eviction is not currently allowed because of the configured PodDisruptionBudget. You may be able to
    // attempt the eviction again later."
    [Fact]
    public void Without_a_disruption_left_the_refusal_says_what_the_budget_needs()
    {
        var refusal = Refusal(Budgets.Allowing(0));

        Assert.Equal((429, "TooManyRequests"), (refusal.Code, refusal.Reason));
        Assert.Equal("Cannot evict pod as it would violate the pod's disruption budget.", refusal.Message);
        Assert.Equal(0, refusal.Status.Details.RetryAfterSeconds ?? 0);
        Assert.Equal(("DisruptionBudget", "The disruption budget guard needs 2 healthy pods and has 2 currently"), Cause(refusal));
    }

    [Fact]
    public void A_count_that_failed_is_said_instead()
    {
        var failed = Budgets.Allowing(0) with { Conditions = [new V1Condition { Type = "DisruptionAllowed", Status = "False", Reason = "SyncFailed", Message = "why" }] };

        Assert.Equal("The disruption budget guard does not allow evicting pods currently because it failed sync: why", Cause(Refusal(failed)).Message);
    }

    [Fact]
    public void A_budget_that_was_not_counted_since_it_changed_asks_for_patience()
    {
        var refusal = Refusal(Budgets.Allowing(1) with { ObservedGeneration = 0 });

        Assert.Equal((429, 10), (refusal.Code, refusal.Status.Details.RetryAfterSeconds));
        Assert.Equal("The disruption budget guard is still being processed by the server.", Cause(refusal).Message);
    }

    [Fact]
    public void A_status_that_cannot_be_is_forbidden()
    {
        var many = Enumerable.Range(0, 2001).ToDictionary(index => $"web-{index}", _ => (DateTime?)Budgets.Now);

        Assert.Equal(
            "poddisruptionbudget.policy \"guard\" is forbidden: pdb disruptions allowed is negative", Refusal(Budgets.Allowing(-1)).Message);
        Assert.Equal(
            "poddisruptionbudget.policy \"guard\" is forbidden: DisruptedPods map too big - too many evictions not confirmed by PDB controller",
            Refusal(Budgets.Allowing(1) with { DisruptedPods = many }).Message);
    }

    // "500 Internal Server Error: the eviction is not allowed because there is a misconfiguration, like if multiple PodDisruptionBudgets
    // reference the same Pod."
    [Fact]
    public void More_than_one_budget_is_an_error_of_the_server() => Assert.Equal(500, EvictionRules.MoreThanOneBudget().Code);

    [Fact]
    public void An_evicted_pod_says_why_it_goes()
    {
        var marked = EvictedPod.Mark(Pod(), DisruptionCause.Eviction, Budgets.Now);

        var condition = marked.Status.Conditions.Single(condition => condition.Type == "DisruptionTarget");
        Assert.Equal(("True", "EvictionByEvictionAPI", "Eviction API: evicting"), (condition.Status, condition.Reason, condition.Message));
        Assert.Same(marked, EvictedPod.Mark(marked, DisruptionCause.Eviction, Budgets.Now.AddSeconds(1)));
    }

    private static ApiException Refusal(V1PodDisruptionBudgetStatus status) =>
        Assert.Throws<ApiException>(() => EvictionRules.Grant(Budgets.Of("2", status: status), "web-0", Budgets.Now));

    private static (string Reason, string Message) Cause(ApiException refusal) =>
        Assert.Single(refusal.Status.Details.Causes) is var cause ? (cause.Reason, cause.Message) : default;

    private static V1Pod Pod(string phase = "Running", bool isGoing = false, bool isReady = true) => new()
    {
        Metadata = new V1ObjectMeta
        {
            Name = "web-0",
            Labels = new Dictionary<string, string> { ["app"] = "web" },
            DeletionTimestamp = isGoing ? Budgets.Now : null,
        },
        Status = new V1PodStatus { Phase = phase, Conditions = [new V1PodCondition { Type = "Ready", Status = isReady ? "True" : "False" }] },
    };
}
