using k8s.Models;
using Orleans.StatefulSets.Reconciliation.Scheduling;

namespace Orleans.StatefulSets.Reconciliation.Tests.Scheduling;

/// <summary>Rules of kubernetes.io, "Pod Topology Spread Constraints"; what is quoted is from there, shortened where it says so with dots.</summary>
public sealed class PodTopologySpreadTests
{
    private const string Mismatch = "node(s) didn't match pod topology spread constraints";

    // "maxSkew describes the degree to which Pods may be unevenly distributed. … it defines the maximum permitted difference between the
    // number of matching pods in the target topology and the global minimum".
    [Theory]
    [InlineData(1, "b-1")]
    [InlineData(2, "a-1")]
    public void A_zone_may_be_ahead_of_the_emptiest_by_max_skew(int maxSkew, string expected)
    {
        var scheduler = Zones(("a-1", 1), ("b-1", 0));
        scheduler.ObservePod(Given.Pod("filler-1").On("b-1"), 5);
        scheduler.ObservePod(Given.Pod("filler-2").On("b-1"), 5);
        Assert.Equal(expected, scheduler.Assign(Web().Spread(Constrained.Even(maxSkew: maxSkew))));
    }

    // "DoNotSchedule (default) tells the scheduler not to schedule it."
    [Fact]
    public void Where_every_other_zone_is_closed_the_pod_waits()
    {
        var scheduler = Given.Scheduler(Constrained.Zoned("a-1", "a"), Constrained.Zoned("b-1", "b").Tainted("NoSchedule"));
        scheduler.ObservePod(Given.Pod("web-0").Labelled("app", "web").On("a-1"), 5);
        Assert.Equal(
            $"0/2 nodes are available: 1 {Mismatch}, 1 node(s) had untolerated taint {{k: v}}."
            + " preemption: 0/2 nodes are available: 1 No preemption victims found for incoming pod, 1 Preemption is not helpful for scheduling.",
            scheduler.Refuse(Web().Spread(Constrained.Even())));
    }

    // "nodeTaintsPolicy … Honor: nodes without taints, along with tainted nodes for which the incoming pod has a toleration, are included.
    // Ignore: node taints are ignored. All nodes are included. … If this value is null, the behavior is equivalent to the Ignore policy."
    [Theory]
    [InlineData("Honor", true)]
    [InlineData("Ignore", false)]
    public void A_tainted_zone_counts_as_a_domain_unless_taints_are_honored(string policy, bool fits)
    {
        var scheduler = Given.Scheduler(Constrained.Zoned("a-1", "a"), Constrained.Zoned("b-1", "b").Tainted("NoSchedule"));
        scheduler.ObservePod(Given.Pod("web-0").Labelled("app", "web").On("a-1"), 5);
        Assert.Equal(fits, scheduler.Assign(Web().Spread(Constrained.Even() with { NodeTaintsPolicy = policy })) is not null);
    }

    // "nodeAffinityPolicy … Honor: only nodes matching nodeAffinity/nodeSelector are included in the calculations. Ignore: … All nodes are
    // included … If this value is null, the behavior is equivalent to the Honor policy."
    [Theory]
    [InlineData(null, true)]
    [InlineData("Ignore", false)]
    public void A_zone_outside_the_selector_is_no_domain_unless_affinity_is_ignored(string? policy, bool fits)
    {
        var scheduler = Zones(("a-1", 1), ("b-1", 0));
        var pod = Web().Spread(Constrained.Even() with { NodeAffinityPolicy = policy });
        pod = pod with { Spec = pod.Spec with { NodeSelector = new Dictionary<string, string> { [Constrained.Zone] = "a" } } };
        Assert.Equal(fits, scheduler.Assign(pod) is not null);
    }

    // "minDomains … When the number of eligible domains with match topology keys is less than minDomains, Pod topology spread treats global
    // minimum as 0".
    [Theory]
    [InlineData(null, true)]
    [InlineData(3, false)]
    public void With_too_few_domains_the_minimum_is_zero(int? minDomains, bool fits)
    {
        var scheduler = Zones(("a-1", 1), ("b-1", 1));
        Assert.Equal(fits, scheduler.Assign(Web().Spread(Constrained.Even() with { MinDomains = minDomains })) is not null);
    }

    // "matchLabelKeys is a list of pod label keys to select the pods over which the spreading skew will be calculated."
    [Fact]
    public void Pods_of_another_revision_do_not_count()
    {
        var scheduler = Given.Scheduler(Constrained.Zoned("a-1", "a"), Constrained.Zoned("b-1", "b").Tainted("NoSchedule"));
        scheduler.ObservePod(Given.Pod("web-0").Labelled("app", "web").Labelled("rev", "1").On("a-1"), 5);
        var constraint = Constrained.Even() with { MatchLabelKeys = ["rev"] };
        Assert.Null(scheduler.Assign(Web().Labelled("rev", "1").Spread(constraint)));
        Assert.Equal("a-1", scheduler.Assign(Web().Labelled("rev", "2").Spread(constraint)));
    }

    // "the scheduler bypasses any nodes that don't have any topologySpreadConstraints[*].topologyKey present."
    [Fact]
    public void A_node_without_the_label_is_not_used() => Assert.Equal(
        $"0/1 nodes are available: 1 {Mismatch} (missing required label). preemption: 0/1 nodes are available: 1 Preemption is not helpful for scheduling.",
        Given.Scheduler(Given.Node("node-1")).Refuse(Web().Spread(Constrained.Even())));

    // "ScheduleAnyway tells the scheduler to still schedule it while prioritizing nodes that minimize the skew."
    [Fact]
    public void A_soft_constraint_prefers_the_emptier_zone_but_never_refuses()
    {
        var scheduler = Zones(("a-1", 3), ("b-1", 1));
        for (var filler = 0; filler < 9; filler++)
        {
            scheduler.ObservePod(Given.Pod($"filler-{filler}").On("b-1"), 5);
        }

        Assert.Equal("b-1", scheduler.Assign(Web().Spread(Constrained.Even(action: "ScheduleAnyway"))));
    }

    // podtopologyspread/common.go passes over terminating pods.
    [Fact]
    public void A_terminating_pod_no_longer_counts()
    {
        var scheduler = Given.Scheduler(Constrained.Zoned("a-1", "a"), Constrained.Zoned("b-1", "b").Tainted("NoSchedule"));
        var there = Given.Pod("web-0").Labelled("app", "web").On("a-1");
        scheduler.ObservePod(there, 5);
        Assert.Null(scheduler.Assign(Web().Spread(Constrained.Even())));
        scheduler.ObservePod(there with { Metadata = there.Metadata with { DeletionTimestamp = new DateTime(2026, 1, 1, 0, 0, 0, DateTimeKind.Utc) } }, 6);
        Assert.Equal("a-1", scheduler.Assign(Web().Spread(Constrained.Even())));
    }

    private static V1Pod Web() => Given.Pod("web").Labelled("app", "web");

    private static SchedulerSummary Zones(params (string Node, int Pods)[] nodes)
    {
        var scheduler = Given.Scheduler([.. nodes.Select(node => Constrained.Zoned(node.Node, node.Node[..1]))]);
        foreach (var (node, count) in nodes)
        {
            for (var pod = 0; pod < count; pod++)
            {
                scheduler.ObservePod(Given.Pod($"web-{node}-{pod}").Labelled("app", "web").On(node), 5);
            }
        }

        return scheduler;
    }
}
