using k8s.Models;
using Orleans.StatefulSets.Reconciliation.Scheduling;

namespace Orleans.StatefulSets.Reconciliation.Tests.Scheduling;

/// <summary>Rules of kubernetes.io, "Assigning Pods to Nodes"; what is quoted is from there or from the API reference, unless said otherwise.</summary>
public sealed class InterPodAffinityTests
{
    private static readonly V1Pod Web = Given.Pod("web").Labelled("app", "web");

    // "Inter-pod affinity and anti-affinity allow you to constrain which nodes your Pods can be scheduled on based on the labels of Pods
    // already running on that node, instead of the node labels."
    [Fact]
    public void Affinity_pulls_a_pod_into_the_topology_of_those_it_names()
    {
        var scheduler = Zones();
        scheduler.ObservePod(Given.Pod("cache").Labelled("app", "cache").On("a-1"), 5);
        var pulled = Enumerable.Range(0, 3).Select(ordinal => scheduler.Assign(Given.Pod($"web-{ordinal}").Near(Constrained.Term("cache", Constrained.Zone)))).ToList();
        Assert.All(pulled, node => Assert.StartsWith("a-", node, StringComparison.Ordinal));
    }

    // A required rule that no node meets: no pod's going would help.
    [Fact]
    public void Affinity_to_nobody_leaves_the_pod_unschedulable() => Assert.Equal(
        "0/3 nodes are available: 3 node(s) didn't match pod affinity rules. preemption: 0/3 nodes are available: 3 Preemption is not helpful for scheduling.",
        Zones().Refuse(Web.Near(Constrained.Term("cache"))));

    // filtering.go: "This pod may be the first pod in a series that have affinity to themselves. In order to not leave such pods in
    // pending state forever, …"
    [Fact]
    public void The_first_pod_of_a_group_that_means_itself_may_go_anywhere_and_the_next_must_join_it()
    {
        var scheduler = Zones();
        scheduler.Assign(Given.Pod("filler").Labelled("app", "filler"));
        var first = scheduler.Assign(Web.Near(Constrained.Term("web")));
        Assert.NotNull(first);
        var second = Given.Pod("web-2").Labelled("app", "web").Near(Constrained.Term("web"));
        Assert.Equal(first, scheduler.Assign(second));
    }

    // Required anti-affinity to the own set, the way a quorum is kept apart.
    [Fact]
    public void Anti_affinity_keeps_pods_apart_and_says_so_when_nodes_run_out()
    {
        var scheduler = Given.Scheduler(Given.Node("node-1"), Given.Node("node-2"));
        var assigned = Enumerable.Range(0, 3).Select(ordinal => scheduler.Assign(Given.Pod($"web-{ordinal}", "web").Labelled("app", "web").Apart(Constrained.Term("web")), SchedulingClaims.None)).ToList();
        Assert.Equal(["node-1", "node-2"], assigned.Take(2).Select(outcome => outcome.NodeOf()).Order());
        Assert.Equal(
            "0/2 nodes are available: 2 node(s) didn't match pod anti-affinity rules. preemption: 0/2 nodes are available: 2 No preemption victims found for incoming pod.",
            assigned[2].MessageOf());
    }

    // Required anti-affinity is symmetric: a pod without rules of its own stays away from pods that do not want it.
    [Fact]
    public void Anti_affinity_of_those_who_are_there_keeps_others_away()
    {
        var scheduler = Given.Scheduler(Given.Node("node-1"));
        scheduler.ObservePod(Given.Pod("loner").Apart(Constrained.Term("web")).On("node-1"), 5);
        Assert.Equal(
            "0/1 nodes are available: 1 node(s) didn't satisfy existing pods anti-affinity rules. preemption: 0/1 nodes are available: 1 No preemption victims found for incoming pod.",
            scheduler.Refuse(Web));
        Assert.NotNull(scheduler.Assign(Given.Pod("other").Labelled("app", "other")));
    }

    // "If omitted or empty, namespaces defaults to the namespace of the Pod where the affinity/anti-affinity definition appears." "The
    // affinity term is applied to namespaces selected by both namespaceSelector and the namespaces field. Note that an empty
    // namespaceSelector ({}) matches all namespaces".
    [Theory]
    [InlineData(null, null, false)]
    [InlineData("other", null, true)]
    [InlineData(null, "", true)]
    [InlineData(null, "red", true)]
    [InlineData(null, "blue", false)]
    [InlineData("default", "red", true)]
    public void A_term_means_pods_of_its_namespaces(string? @namespace, string? team, bool kept)
    {
        var scheduler = Given.Scheduler(Given.Node("node-1"));
        scheduler.ObserveNamespace("other", new Dictionary<string, string> { ["team"] = "red" }, 1);
        scheduler.ObservePod(Given.Pod("there").In("other").Labelled("app", "web").On("node-1"), 5);
        var term = Constrained.Term("web") with
        {
            Namespaces = @namespace is null ? null : [@namespace],
            NamespaceSelector = team switch
            {
                null => null,
                "" => new V1LabelSelector(),
                _ => new V1LabelSelector { MatchLabels = new Dictionary<string, string> { ["team"] = team } },
            },
        };
        Assert.Equal(kept, scheduler.Assign(Given.Pod("a").Apart(term)) is null);
    }

    // matchLabelKeys are looked up in the pod's own labels and merged with labelSelector as "key in (value)"; mismatchLabelKeys as
    // "key notin (value)". Keys that don't exist in the pod's labels are ignored.
    [Theory]
    [InlineData("rev", null, "1", true)]
    [InlineData("rev", null, "2", false)]
    [InlineData(null, "rev", "1", false)]
    [InlineData(null, "rev", "2", true)]
    [InlineData("absent", null, "2", true)]
    public void Label_keys_take_their_value_from_the_pod_itself(string? match, string? mismatch, string revision, bool kept)
    {
        var scheduler = Given.Scheduler(Given.Node("node-1"));
        scheduler.ObservePod(Given.Pod("there").Labelled("app", "web").Labelled("rev", revision).On("node-1"), 5);
        var term = Constrained.Term("web") with { MatchLabelKeys = match is null ? null : [match], MismatchLabelKeys = mismatch is null ? null : [mismatch] };
        Assert.Equal(kept, scheduler.Assign(Given.Pod("a").Labelled("rev", "1").Apart(term)) is null);
    }

    // Preferred terms, of the pod and of those who are there, are summed over each topology.
    [Theory]
    [InlineData(true, "a-1")]
    [InlineData(false, "b-1")]
    public void Preferred_terms_draw_and_repel(bool near, string expected)
    {
        var scheduler = Given.Scheduler(Constrained.Zoned("a-1", "a"), Constrained.Zoned("b-1", "b"));
        scheduler.ObservePod(Given.Pod("cache").Labelled("app", "cache").On("a-1"), 5);
        List<V1WeightedPodAffinityTerm> terms = [new() { Weight = 50, PodAffinityTerm = Constrained.Term("cache", Constrained.Zone) }];
        var affinity = near
            ? new V1Affinity { PodAffinity = new V1PodAffinity { PreferredDuringSchedulingIgnoredDuringExecution = terms } }
            : new V1Affinity { PodAntiAffinity = new V1PodAntiAffinity { PreferredDuringSchedulingIgnoredDuringExecution = terms } };
        Assert.Equal(expected, scheduler.Assign(Web.Preferring(affinity)));
    }

    [Fact]
    public void A_pod_whose_labels_change_is_counted_by_the_new_ones()
    {
        var scheduler = Given.Scheduler(Given.Node("node-1"));
        scheduler.ObservePod(Given.Pod("there").Labelled("app", "web").On("node-1"), 5);
        Assert.Null(scheduler.Assign(Web.Apart(Constrained.Term("web"))));
        scheduler.ObservePod(Given.Pod("there").Labelled("app", "other").On("node-1"), 6);
        Assert.Equal("node-1", scheduler.Assign(Web.Apart(Constrained.Term("web"))));
    }

    private static SchedulerSummary Zones() =>
        Given.Scheduler(Constrained.Zoned("a-1", "a"), Constrained.Zoned("a-2", "a"), Constrained.Zoned("b-1", "b"));
}
