using k8s.Models;
using Orleans.StatefulSets.Reconciliation.Disruption;

namespace Orleans.StatefulSets.Reconciliation.Tests.Disruption;

/// <summary>The sentences are those of "Specifying a Disruption Budget for your Application" and of the API reference of policy/v1.</summary>
public sealed class BudgetDecisionTests
{
    // "minAvailable … is a description of the number of pods from that set that must still be available after the eviction".
    // "maxUnavailable … is a description of the number of pods from that set that can be unavailable after the eviction".
    // "Values for minAvailable or maxUnavailable can be expressed as integers or as a percentage."
    // "When you specify the value as a percentage, it may not map to an exact number of Pods. For example, if you have 7 Pods and you set
    // minAvailable to "50%" … Kubernetes rounds up to the nearest integer, so in this case, 4 Pods must be available."
    [Theory]
    [InlineData("2", null, 3, 3, 2, 3, 1)]
    [InlineData("3", null, 3, 3, 3, 3, 0)]
    [InlineData("5", null, 3, 3, 5, 3, 0)]
    [InlineData("0", null, 3, 3, 0, 3, 3)]
    [InlineData("50%", null, 7, 7, 4, 7, 3)]
    [InlineData("100%", null, 3, 3, 3, 3, 0)]
    [InlineData(null, "1", 3, 3, 2, 3, 1)]
    [InlineData(null, "50%", 7, 7, 3, 7, 4)]
    [InlineData(null, "0", 3, 3, 3, 3, 0)]
    [InlineData(null, "9", 3, 3, 0, 3, 3)]
    [InlineData(null, null, 3, 3, 0, 0, 0)]
    public void A_budget_counts_what_it_says(string? minAvailable, string? maxUnavailable, int pods, int scale, int desired, int expected, int allowed)
    {
        var status = Budgets.Decide(Budgets.Of(minAvailable, maxUnavailable), Budgets.Pods(pods), scale).Status!;

        Assert.Equal((pods, desired, expected, allowed), (status.CurrentHealthy, status.DesiredHealthy, status.ExpectedPods, status.DisruptionsAllowed));
        Assert.Equal(1, status.ObservedGeneration);
    }

    // "expectedPods: total number of pods counted by this disruption budget". A number is counted against the pods that are there, a
    // percentage and maxUnavailable against "the intended number of pods … computed from the .spec.replicas of the workload resource".
    [Theory]
    [InlineData("2", null, 2, 2)]
    [InlineData("50%", null, 5, 3)]
    [InlineData(null, "1", 5, 4)]
    public void Of_a_set_that_is_still_growing_percentages_are_of_its_scale(string? minAvailable, string? maxUnavailable, int expected, int desired)
    {
        var status = Budgets.Decide(Budgets.Of(minAvailable, maxUnavailable), Budgets.Pods(2), scale: 5).Status!;

        Assert.Equal((expected, desired, 0), (status.ExpectedPods, status.DesiredHealthy, status.DisruptionsAllowed));
    }

    // "currentHealthy: current number of healthy pods"; healthy is what has the condition Ready=True, and what goes is not counted.
    [Fact]
    public void Pods_that_are_not_ready_or_go_are_not_healthy()
    {
        var status = Budgets.Decide(Budgets.Of("1"), [Budgets.Pod(0), Budgets.Pod(1, ready: false), Budgets.Pod(2, terminating: true)]).Status!;

        Assert.Equal((1, 3, 0), (status.CurrentHealthy, status.ExpectedPods, status.DisruptionsAllowed));
    }

    // "DisruptionAllowed: … SufficientPods: There are more pods than required by the PDB, and the number of allowed disruptions is positive;
    // InsufficientPods: The number of pods are either at or below the number required by the PDB. No disruptions are allowed."
    [Theory]
    [InlineData(3, "True", "SufficientPods")]
    [InlineData(2, "False", "InsufficientPods")]
    public void The_condition_says_whether_disruptions_are_allowed(int ready, string value, string reason)
    {
        var condition = Assert.Single(Budgets.Decide(Budgets.Of("2"), Budgets.Pods(ready, 3 - ready)).Status!.Conditions);

        Assert.Equal(("DisruptionAllowed", value, reason, 1), (condition.Type, condition.Status, condition.Reason, condition.ObservedGeneration));
        Assert.Equal(Budgets.Now, condition.LastTransitionTime);
    }

    [Fact]
    public void A_status_that_says_it_already_is_not_written_again()
    {
        var budget = Budgets.Of("2");
        var counted = budget with { Status = Budgets.Decide(budget, Budgets.Pods(3)).Status };

        Assert.Null(Budgets.Decide(counted, Budgets.Pods(3)).Status);
        Assert.NotNull(Budgets.Decide(counted with { Metadata = counted.Metadata with { Generation = 2 } }, Budgets.Pods(3)).Status);
    }

    // "SyncFailed: The controller encountered an error and wasn't able to compute the number of allowed disruptions. Therefore no
    // disruptions are allowed and the status of the condition will be False."
    [Theory]
    [InlineData("apps/v1", "StatefulSet", "found no controllers for pod \"web-0\"")]
    [InlineData("v1", "ConfigMap", "configmaps does not implement the scale subresource")]
    [InlineData("example.com/v1", "Robot", "no matches for kind \"Robot\" in version \"example.com/v1\"")]
    public void Pods_whose_scale_nobody_knows_fail_the_count(string apiVersion, string kind, string why)
    {
        var owner = new V1OwnerReference { ApiVersion = apiVersion, Kind = kind, Name = "web", Uid = "another", Controller = true };
        var plan = Budgets.Decide(Budgets.Of(maxUnavailable: "1", status: Budgets.Allowing(1)), [Budgets.Pod(0, owner: owner)]);

        var condition = Assert.Single(plan.Status!.Conditions);
        Assert.Equal((0, "False", "SyncFailed", why), (plan.Status.DisruptionsAllowed, condition.Status, condition.Reason, condition.Message));
        Assert.Equal($"Failed to calculate the number of expected pods: {why}", Assert.Single(plan.Events).Message);
    }

    // "You can use a PDB with pods controlled by another resource, … or bare pods, but … only .spec.minAvailable can be used, not
    // .spec.maxUnavailable; only an integer value can be used".
    [Fact]
    public void Bare_pods_count_against_a_number_and_for_nothing_against_a_scale()
    {
        BudgetedPod[] bare = [Budgets.Pod(0, isBare: true), Budgets.Pod(1, isBare: true)];

        Assert.Equal(1, Budgets.Decide(Budgets.Of("1"), bare).Status!.DisruptionsAllowed);
        Assert.Equal(0, Budgets.Decide(Budgets.Of(maxUnavailable: "1"), bare).Status!.DisruptionsAllowed);
    }

    [Fact]
    public void A_budget_that_finds_no_pods_says_so()
    {
        var plan = Budgets.Decide(Budgets.Of("2"), []);

        Assert.Equal("No matching pods found", Assert.Single(plan.Events).Message);
        Assert.Equal(0, plan.Status!.DisruptionsAllowed);
    }

    // "disruptedPods contains information about pods whose eviction was processed by the API server eviction subresource handler but has
    // not yet been observed by the PodDisruptionBudget controller. … A pod will be in this map from the time when the API server processed
    // the eviction request to the time when the pod is seen by PDB controller as having been marked for deletion (or after a timeout)."
    [Theory]
    [InlineData(0, false, true, 2)]
    [InlineData(119, false, true, 2)]
    [InlineData(0, true, false, 2)]
    [InlineData(121, false, false, 3)]
    public void A_granted_eviction_counts_until_its_pod_goes_or_two_minutes_have_passed(int secondsAgo, bool isGoing, bool stays, int healthy)
    {
        var since = Budgets.Now.AddSeconds(-secondsAgo);
        var plan = Budgets.Decide(Granted(since), [Budgets.Pod(0), Budgets.Pod(1), Budgets.Pod(2, terminating: isGoing)]);

        Assert.Equal(healthy, plan.Status!.CurrentHealthy);
        Assert.Equal(stays, plan.Status.DisruptedPods?.ContainsKey("web-2") == true);
        Assert.Equal(stays ? since.AddMinutes(2) : null, plan.LookAgainAt);
        Assert.Equal(secondsAgo > 120 ? ["web-2"] : [], plan.Stayed);
    }

    [Theory]
    [InlineData("uid-2", -1, false)]
    [InlineData("the one before", -1, true)]
    [InlineData(null, 1, true)]
    [InlineData(null, 0, false)]
    public void A_grant_is_not_for_the_next_pod_of_the_name(string? grantedUid, int createdSecondsAfter, bool isAnother)
    {
        var uids = new Dictionary<string, string>();
        if (grantedUid is not null)
        {
            uids["web-2"] = grantedUid;
        }

        var since = Budgets.Now.AddSeconds(-5);
        var plan = Budgets.Decide(
            Granted(since), [Budgets.Pod(0), Budgets.Pod(1), Budgets.Pod(2, createdAt: since.AddSeconds(createdSecondsAfter))], grantedUids: uids);

        Assert.Equal(isAnother ? 3 : 2, plan.Status!.CurrentHealthy);
    }

    private static V1PodDisruptionBudget Granted(DateTime since) =>
        Budgets.Of("2", status: Budgets.Allowing(0) with { CurrentHealthy = 1, DisruptedPods = new Dictionary<string, DateTime?> { ["web-2"] = since } });
}
