using k8s.Models;
using Orleans.StatefulSets.Reconciliation.Scheduling;

namespace Orleans.StatefulSets.Reconciliation.Tests.Scheduling;

/// <summary>Rules of kubernetes.io, "Pod Priority and Preemption"; what is quoted is from there.</summary>
public sealed class PreemptionTests
{
    private const string Room = "0/1 nodes are available: 1 Insufficient cpu.";

    // "If a Pod cannot be scheduled, the scheduler tries to preempt (evict) lower priority Pods to make scheduling of the pending Pod
    // possible." The message then says nothing of preemption.
    [Fact]
    public void A_lower_pod_gives_way_and_its_node_is_kept_for_the_higher_one()
    {
        var scheduler = Full(("low", 0));
        var outcome = Unschedulable(scheduler, High());
        Assert.Equal((Room, "node-1", "low"), (outcome.Message, outcome.NominatedNode, Assert.Single(outcome.Victims).Name));

        scheduler.RemovePod(new("pods", "default", "low"), 20);
        Assert.Null(scheduler.Assign(Given.Pod("late", cpu: "4")));
        Assert.Equal("node-1", scheduler.Assign(High()));
    }

    // "Pods with PreemptionPolicy: Never will be placed in the scheduling queue ahead of lower-priority pods, but they cannot preempt other pods."
    [Fact]
    public void A_pod_that_never_preempts_waits() => Assert.Equal(
        $"{Room} preemption: not eligible due to preemptionPolicy=Never.",
        Unschedulable(Full(("low", 0)), High() with { Spec = High().Spec with { PreemptionPolicy = "Never" } }).Message);

    [Fact]
    public void Equal_priority_is_no_victim() => Assert.Equal(
        $"{Room} preemption: 0/1 nodes are available: 1 No preemption victims found for incoming pod.",
        Unschedulable(Full(("equal", 100)), High()).Message);

    // A lower pod's going is not enough: what still fails is said in the place of the victims.
    [Fact]
    public void Where_all_lower_pods_would_not_make_room_the_reason_is_named()
    {
        var scheduler = Given.Scheduler(Given.Node("node-1"));
        scheduler.ObservePod(Given.Pod("low", cpu: "1").On("node-1"), 5);
        scheduler.ObservePod(Given.Pod("high", cpu: "3").Priority(1000).On("node-1"), 5);
        Assert.Equal($"{Room} preemption: {Room}", Unschedulable(scheduler, High()).Message);
    }

    // Victims are reprieved from the most important on: no more go than needed, and the least important.
    [Fact]
    public void Only_the_least_important_go_and_no_more_than_needed()
    {
        var scheduler = Given.Scheduler(Given.Node("node-1"));
        scheduler.ObservePod(Given.Pod("a", cpu: "2").Priority(10).On("node-1"), 5);
        scheduler.ObservePod(Given.Pod("b", cpu: "1").Priority(5).On("node-1"), 5);
        scheduler.ObservePod(Given.Pod("c", cpu: "1").Priority(1).On("node-1"), 5);
        var outcome = Unschedulable(scheduler, Given.Pod("high", cpu: "1").Priority(100));
        Assert.Equal("c", Assert.Single(outcome.Victims).Name);
    }

    // "Kubernetes supports PDB when preempting Pods, but respecting PDB is on a best effort basis. The scheduler tries to find victims whose PDB
    // are not violated by preemption, but if no such victims are found, preemption will still happen."
    [Theory]
    [InlineData(0, "node-2", "free")]
    [InlineData(1, "node-1", "guarded")]
    public void A_guarded_pod_is_spared_as_long_as_another_one_will_do(int allowed, string node, string victim)
    {
        var scheduler = new SchedulerSummary(0) { Budgets = () => [Guard(allowed)] };
        scheduler.ObserveNode(Given.Node("node-1"), 1);
        scheduler.ObserveNode(Given.Node("node-2"), 1);
        scheduler.ObservePod(WithLabel(Given.Pod("guarded", cpu: "4").Priority(1)).On("node-1"), 5);
        scheduler.ObservePod(Given.Pod("free", cpu: "4").Priority(2).On("node-2"), 5);

        var outcome = Unschedulable(scheduler, High());

        Assert.Equal((node, victim), (outcome.NominatedNode, Assert.Single(outcome.Victims).Name));
    }

    [Theory]
    [InlineData("1", "free")]
    [InlineData("4", "free guarded")]
    public void On_one_node_the_guarded_one_stays_though_it_matters_less_and_goes_if_nothing_else_helps(string cpu, string victims)
    {
        var scheduler = new SchedulerSummary(0) { Budgets = () => [Guard(0)] };
        scheduler.ObserveNode(Given.Node("node-1"), 1);
        scheduler.ObservePod(WithLabel(Given.Pod("guarded", cpu: "2").Priority(1)).On("node-1"), 5);
        scheduler.ObservePod(Given.Pod("free", cpu: "2").Priority(2).On("node-1"), 5);

        var outcome = Unschedulable(scheduler, Given.Pod("high", cpu: cpu).Priority(100));

        Assert.Equal(victims, string.Join(' ', outcome.Victims.Select(pod => pod.Name).Order()));
    }

    [Fact]
    public void The_node_whose_victims_matter_least_is_chosen()
    {
        var scheduler = Given.Scheduler(Given.Node("node-1"), Given.Node("node-2"));
        scheduler.ObservePod(Given.Pod("a", cpu: "4").Priority(10).On("node-1"), 5);
        scheduler.ObservePod(Given.Pod("b", cpu: "4").Priority(5).On("node-2"), 5);
        Assert.Equal("node-2", Unschedulable(scheduler, High()).NominatedNode);
    }

    // While a victim is still terminating on the nominated node nobody else is preempted.
    [Fact]
    public void While_its_victim_is_terminating_the_pod_waits()
    {
        var scheduler = Full(("low", 0));
        Unschedulable(scheduler, High());
        var now = new DateTime(2026, 1, 1, 0, 0, 0, DateTimeKind.Utc);
        var victim = PodPreemption.Mark(Given.Pod("low", cpu: "4").On("node-1"), now);
        scheduler.ObservePod(victim with { Metadata = victim.Metadata with { DeletionTimestamp = now } }, 20);
        var again = Unschedulable(scheduler, High());
        Assert.Equal($"{Room} preemption: not eligible due to a terminating pod on the nominated node.", again.Message);
        Assert.Null(again.NominatedNode);
        Assert.Empty(again.Victims);
    }

    // A nominated pod has no claim on its node against a still higher one.
    [Fact]
    public void A_still_more_important_pod_takes_the_nomination()
    {
        var scheduler = Full(("low", 0));
        Unschedulable(scheduler, High());
        var outcome = Unschedulable(scheduler, Given.Pod("higher", cpu: "4").Priority(1000));
        Assert.Equal("high", Assert.Single(outcome.Displaced).Name);
    }

    // A nomination outlives the scheduler: it is in the pod's status.
    [Fact]
    public void A_nomination_from_before_a_restart_keeps_the_node()
    {
        var scheduler = Given.Scheduler(Given.Node("node-1"));
        scheduler.ObserveWaiting(High() with { Status = new V1PodStatus { NominatedNodeName = "node-1" } });
        Assert.Null(scheduler.Assign(Given.Pod("late", cpu: "1")));
        Assert.Equal("node-1", scheduler.Assign(High()));
        Assert.Null(scheduler.Assign(Given.Pod("late", cpu: "1")));
    }

    [Fact]
    public void A_victim_learns_why()
    {
        var now = new DateTime(2026, 1, 1, 0, 0, 0, DateTimeKind.Utc);
        var condition = Assert.Single(PodPreemption.Mark(Given.Pod("low"), now).Status.Conditions);
        Assert.Equal(
            ("DisruptionTarget", "True", "PreemptionByScheduler", "default-scheduler: preempting to accommodate a higher priority pod"),
            (condition.Type, condition.Status, condition.Reason, condition.Message));
        Assert.Equal("Preempted by pod some-uid on node node-1", SchedulingTexts.Preempted("some-uid", "node-1").Message);
    }

    private static V1Pod High() => Given.Pod("high", cpu: "4").Priority(100);

    private static SchedulerSummary Full(params (string Name, int Priority)[] pods)
    {
        var scheduler = Given.Scheduler(Given.Node("node-1"));
        foreach (var (name, priority) in pods)
        {
            scheduler.ObservePod(Given.Pod(name, cpu: "4").Priority(priority).On("node-1"), 5);
        }

        return scheduler;
    }

    private static SchedulingOutcome.Unschedulable Unschedulable(SchedulerSummary scheduler, V1Pod pod) =>
        Assert.IsType<SchedulingOutcome.Unschedulable>(scheduler.Assign(pod, SchedulingClaims.None));

    private static V1PodDisruptionBudget Guard(int allowed) => new()
    {
        Metadata = new V1ObjectMeta { Name = "guard", NamespaceProperty = "default" },
        Spec = new V1PodDisruptionBudgetSpec { Selector = new V1LabelSelector { MatchLabels = new Dictionary<string, string> { ["app"] = "guarded" } } },
        Status = new V1PodDisruptionBudgetStatus { DisruptionsAllowed = allowed },
    };

    private static V1Pod WithLabel(V1Pod pod) => pod with { Metadata = pod.Metadata with { Labels = new Dictionary<string, string> { ["app"] = "guarded" } } };
}
