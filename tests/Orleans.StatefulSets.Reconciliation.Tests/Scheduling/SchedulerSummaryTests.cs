using k8s.Models;
using Orleans.StatefulSets.Reconciliation.Scheduling;
using Orleans.StatefulSets.Resources.Kinds;

namespace Orleans.StatefulSets.Reconciliation.Tests.Scheduling;

public sealed class SchedulerSummaryTests
{
    [Fact]
    public void Pods_of_one_set_lie_apart_whatever_else_is_there()
    {
        var scheduler = Given.Scheduler(Given.Node("node-1"), Given.Node("node-2"), Given.Node("node-3"));
        for (var other = 0; other < 7; other++)
        {
            scheduler.ObservePod(Given.Pod($"other-{other}").On("node-1"), 5);
        }

        var assigned = Enumerable.Range(0, 6).Select(ordinal => scheduler.Assign(Given.Pod($"web-{ordinal}", "web"))).ToList();
        Assert.Equal(["node-1", "node-2", "node-3"], assigned.Take(3).Order());
        Assert.Equal(["node-1", "node-2", "node-3"], assigned.Skip(3).Order());
    }

    [Fact]
    public void Pods_without_an_owner_go_where_fewest_are()
    {
        var scheduler = Given.Scheduler(Given.Node("node-1"), Given.Node("node-2"));
        scheduler.ObservePod(Given.Pod("a").On("node-1"), 5);
        scheduler.ObservePod(Given.Pod("b").On("node-1"), 6);
        Assert.Equal(("node-2", "node-2"), (scheduler.Assign(Given.Pod("c")), scheduler.Assign(Given.Pod("d"))));
    }

    [Fact]
    public void An_assigned_pod_takes_its_place_until_it_is_forgotten()
    {
        var scheduler = Given.Scheduler(Given.Node("node-1", pods: 1));
        Assert.Equal("node-1", scheduler.Assign(Given.Pod("a")));
        Assert.Null(scheduler.Assign(Given.Pod("b")));
        scheduler.Forget(Given.Pod("a"));
        Assert.Equal("node-1", scheduler.Assign(Given.Pod("b")));
    }

    [Fact]
    public void Forgetting_leaves_a_pod_that_was_heard_of_as_bound()
    {
        var scheduler = Given.Scheduler(Given.Node("node-1", pods: 1));
        scheduler.Assign(Given.Pod("a"));
        scheduler.ObservePod(Given.Pod("a").On("node-1"), 11);
        scheduler.Forget(Given.Pod("a"));
        Assert.Null(scheduler.Assign(Given.Pod("b")));
    }

    [Fact]
    public void A_revision_from_before_the_binding_does_not_free_the_place()
    {
        var scheduler = Given.Scheduler(Given.Node("node-1", pods: 1));
        scheduler.Assign(Given.Pod("a"));
        scheduler.ObservePod(Given.Pod("a"), 10);
        scheduler.ObservePod(Given.Pod("a"), 11);
        Assert.Null(scheduler.Assign(Given.Pod("b")));
    }

    [Fact]
    public void Assigning_a_pod_a_second_time_counts_it_once()
    {
        var scheduler = Given.Scheduler(Given.Node("node-1", pods: 1));
        Assert.Equal("node-1", scheduler.Assign(Given.Pod("a")));
        Assert.Equal("node-1", scheduler.Assign(Given.Pod("a")));
    }

    [Theory]
    [InlineData("Succeeded")]
    [InlineData("Failed")]
    public void A_pod_that_has_ended_takes_no_place(string phase)
    {
        var scheduler = Given.Scheduler(Given.Node("node-1", pods: 1));
        scheduler.ObservePod(Given.Pod("a").On("node-1"), 11);
        scheduler.ObservePod(Given.Pod("a").On("node-1", phase), 12);
        Assert.Equal("node-1", scheduler.Assign(Given.Pod("b")));
    }

    [Fact]
    public void News_that_comes_late_or_twice_does_no_harm()
    {
        var scheduler = Given.Scheduler(Given.Node("node-1", pods: 1));
        scheduler.ObservePod(Given.Pod("a").On("node-1"), 11);
        scheduler.ObservePod(Given.Pod("a").On("node-1"), 11);
        scheduler.RemovePod(Key("a"), 12);
        scheduler.RemovePod(Key("a"), 12);
        scheduler.ObservePod(Given.Pod("a").On("node-1"), 11);
        scheduler.ObserveNode(Given.Node("node-1", pods: 0), 1);
        Assert.Equal("node-1", scheduler.Assign(Given.Pod("b")));
    }

    [Fact]
    public void A_removal_that_comes_late_leaves_the_pod_that_took_the_name_since()
    {
        var scheduler = Given.Scheduler(Given.Node("node-1", pods: 1));
        scheduler.ObservePod(Given.Pod("a").On("node-1"), 15);
        scheduler.RemovePod(Key("a"), 12);
        Assert.Null(scheduler.Assign(Given.Pod("b")));
    }

    [Fact]
    public void Pods_of_a_node_that_comes_back_still_count()
    {
        var scheduler = Given.Scheduler(Given.Node("node-1", pods: 1));
        scheduler.ObservePod(Given.Pod("a").On("node-1"), 11);
        scheduler.RemoveNode("node-1");
        Assert.Equal("no nodes available to schedule pods", scheduler.Refuse(Given.Pod("b")));
        scheduler.ObserveNode(Given.Node("node-1", pods: 1), 20);
        Assert.Null(scheduler.Assign(Given.Pod("b")));
    }

    [Fact]
    public void Requests_are_those_of_containers_and_sidecars_or_the_peak_of_initialization()
    {
        var scheduler = Given.Scheduler(Given.Node("node-1", cpu: "4"));
        var pod = Given.Pod("a", cpu: "1");
        pod = pod with
        {
            Spec = pod.Spec with { InitContainers = [Given.Container("1", restartPolicy: "Always"), Given.Container("2")] },
        };
        Assert.Equal("node-1", scheduler.Assign(pod));
        Assert.Null(scheduler.Assign(Given.Pod("b", cpu: "1001m")));
        Assert.Equal("node-1", scheduler.Assign(Given.Pod("c", cpu: "1")));
    }

    [Fact]
    public void Pods_that_are_no_business_of_this_scheduler_are_left_alone()
    {
        var scheduler = Given.Scheduler(Given.Node("node-1"));
        var pod = Given.Pod("a");
        V1Pod[] others =
        [
            pod.On("node-1"),
            pod with { Spec = pod.Spec with { SchedulerName = "mine" } },
            pod with { Metadata = pod.Metadata with { DeletionTimestamp = new DateTime(2026, 1, 1, 0, 0, 0, DateTimeKind.Utc) } },
        ];
        Assert.All(others, other => Assert.IsType<SchedulingOutcome.NotConcerned>(scheduler.Assign(other, SchedulingClaims.None)));
        var gated = pod with { Spec = pod.Spec with { SchedulingGates = [new V1PodSchedulingGate { Name = "g" }] } };
        Assert.IsType<SchedulingOutcome.Gated>(scheduler.Assign(gated, SchedulingClaims.None));
    }

    [Fact]
    public void A_large_set_spreads_evenly_over_many_nodes()
    {
        var scheduler = Given.Scheduler([.. Enumerable.Range(1, 20).Select(number => Given.Node($"node-{number}"))]);
        var assigned = Enumerable.Range(0, 2000).CountBy(ordinal => scheduler.Assign(Given.Pod($"web-{ordinal}", "web")) ?? "nowhere").ToList();
        Assert.Equal(20, assigned.Count);
        Assert.All(assigned, node => Assert.Equal(100, node.Value));
    }

    [Fact]
    public void What_is_written_and_told()
    {
        var now = new DateTime(2026, 1, 1, 0, 0, 0, DateTimeKind.Utc);
        var refused = PodScheduling.MarkUnschedulable(Given.Pod("web-0"), "no", now);
        Assert.Same(refused, PodScheduling.MarkUnschedulable(refused, "no", now.AddSeconds(5)));
        var again = PodScheduling.MarkUnschedulable(refused, "still no", now.AddSeconds(5));
        var condition = Assert.Single(again.Status.Conditions);
        Assert.Equal(("PodScheduled", "False", "Unschedulable", "still no", now),
            (condition.Type, condition.Status, condition.Reason, condition.Message, condition.LastTransitionTime!.Value));

        var bound = PodScheduling.Bind(again, "node-1", now.AddSeconds(9));
        condition = Assert.Single(bound.Status.Conditions);
        Assert.Equal(("node-1", "True", null, now.AddSeconds(9)), (bound.Spec.NodeName, condition.Status, condition.Reason, condition.LastTransitionTime!.Value));
        Assert.Equal("Successfully assigned default/web-0 to node-1", SchedulingTexts.Scheduled("default", "web-0", "node-1").Message);
        Assert.Equal(("Warning", "FailedScheduling", "default-scheduler"),
            (SchedulingTexts.FailedScheduling("no").Type, SchedulingTexts.FailedScheduling("no").Reason, SchedulingTexts.FailedScheduling("no").Component));
    }

    private static ObjectKey Key(string pod) => new("pods", "default", pod);
}
