using Orleans.StatefulSets.Reconciliation.Faults;
using Orleans.StatefulSets.Resources.Faults;

namespace Orleans.StatefulSets.Reconciliation.Tests.Faults;

/// <summary>When a Fault begins, what it does, and how it ends.</summary>
public sealed class FaultDecisionTests
{
    private static readonly V1alpha1FaultSelector Everybody = new() { Nodes = ["*"] };

    [Fact]
    public void A_fault_begins_when_its_moment_has_come_and_ends_when_its_time_is_over()
    {
        var fault = Given.Fault(FaultActions.APIError).With(spec => spec with { StartAfter = "10s", Duration = "30s" });
        Assert.Equal((null, Given.Start.AddSeconds(10)), (FaultDecision.Next(Given.Situation(fault, after: 9)).Next, FaultDecision.Next(Given.Situation(fault, after: 9)).DueAt));

        var begun = FaultDecision.Next(Given.Situation(fault, after: 10.4)).Next!;
        Assert.Equal((FaultPhases.Active, Given.Start.AddSeconds(10), Given.Start.AddSeconds(40)), (begun.Status!.Phase, begun.Status.StartedAt, begun.Status.EndsAt));
        Assert.Equal(("Active", "True", "Started"), (begun.Status.Conditions![0].Type, begun.Status.Conditions[0].Status, begun.Status.Conditions[0].Reason));
        Assert.Equal(Given.Start.AddSeconds(40), FaultDecision.Next(Given.Situation(begun, after: 39)).DueAt);
        Assert.True(new ArmedFault(begun).HappensAt(Given.Start.AddSeconds(39.9)));
        Assert.False(new ArmedFault(begun).HappensAt(Given.Start.AddSeconds(40)));

        var ended = FaultDecision.Next(Given.Situation(begun, after: 41));
        Assert.Equal((FaultPhases.Finished, Given.Start.AddSeconds(40)), (ended.Next!.Status!.Phase, ended.Next.Status.EndsAt));
        Assert.Equal(("False", "DurationElapsed"), (ended.Next.Status.Conditions![0].Status, ended.Next.Status.Conditions[0].Reason));
        Assert.Equal(["APIError is over"], ended.Events.Select(told => told.Message));
        var after = FaultDecision.Next(Given.Situation(ended.Next, after: 1000));
        Assert.Equal((null, null), (after.Next, after.DueAt));
    }

    [Fact]
    public void One_without_a_duration_lasts()
    {
        var begun = Given.Fault(FaultActions.APIError).Begun();

        Assert.Null(begun.Status!.EndsAt);
        Assert.Null(FaultDecision.Next(Given.Situation(begun, after: 1e8)).Next);
        Assert.True(new ArmedFault(begun).HappensAt(Given.Start.AddYears(1)));
    }

    [Fact]
    public void The_nodes_that_it_hits_are_chosen_when_it_begins_and_kept()
    {
        var begun = Given.Fault(FaultActions.NodeCrash, new V1alpha1FaultSelector { Nodes = ["node-?"] }).Begun([.. Given.Nodes(3), Given.Node("other")]);
        Assert.Equal(["node-1", "node-2", "node-3"], begun.Status!.Nodes!.Select(node => node.Name));
        Assert.Equal(3, begun.Status.Injections);

        var step = FaultDecision.Next(Given.Situation(begun, [.. Given.Nodes(4)], after: 1));
        Assert.Equal(["node-1", "node-2", "node-3"], step.Strike.Select(node => node.Name));
        Assert.Equal("NodeCrash began on node-1, node-2, node-3", FaultDecision.Next(Given.Situation(Given.Fault(FaultActions.NodeCrash, Everybody), Given.Nodes(3))).Events.Single().Message);
    }

    [Fact]
    public void One_that_was_made_anew_under_the_name_is_another_machine()
    {
        var begun = Given.Fault(FaultActions.NodeRemove, Everybody).Begun(Given.Node("node-1"));

        Assert.Single(FaultDecision.Next(Given.Situation(begun, [Given.Node("node-1")])).Strike);
        Assert.Empty(FaultDecision.Next(Given.Situation(begun, [Given.Node("node-1", uid: "new")])).Strike);
        Assert.Empty(FaultDecision.Next(Given.Situation(begun, [])).Strike);
    }

    [Fact]
    public void A_machine_that_is_taken_away_is_remembered_with_what_it_had()
    {
        var node = Given.Fault(FaultActions.NodeRemove, Everybody).Begun(Given.Node("node-1", zone: "b")).Status!.Nodes!.Single();

        Assert.Equal(("b", "8"), (node.Labels!["zone"], node.Capacity!["cpu"].ToString()));
        Assert.Null(Given.Fault(FaultActions.NodeCrash, Everybody).Begun(Given.Node("node-1")).Status!.Nodes!.Single().Labels);
    }

    [Fact]
    public void A_bound_takes_as_many_nodes_as_it_says_and_the_seed_says_which()
    {
        string[] Chosen(long seed) => [.. Given.Fault(FaultActions.NodeFreeze, Everybody).With(spec => spec with { Count = 2, Seed = seed }).Begun(Given.Nodes(8)).Status!.Nodes!.Select(node => node.Name!)];

        Assert.All(Enumerable.Range(0, 20), seed => Assert.Equal(2, Chosen(seed).Length));
        Assert.Equal(Chosen(3), Chosen(3));
        Assert.True(Enumerable.Range(0, 20).Select(seed => string.Join(',', Chosen(seed))).Distinct().Count() > 8);
    }

    [Theory]
    [InlineData(FaultActions.NodeCrash)]
    [InlineData(FaultActions.NodeFreeze)]
    [InlineData(FaultActions.NodeDrain)]
    [InlineData(FaultActions.NodeRemove)]
    public void A_fault_that_is_deleted_goes_when_its_nodes_are_as_they_were(string action)
    {
        var step = FaultDecision.Next(Given.Situation(Given.Fault(action, Everybody).Begun(Given.Nodes(2)).Deleted(), Given.Nodes(2)));

        Assert.Equal(["node-1", "node-2"], step.Lift.Select(node => node.Name));
        Assert.Equal((true, null), (step.Removed, step.Next!.Metadata.Finalizers));
        Assert.Empty(step.Strike);
    }

    [Fact]
    public void One_that_somebody_else_holds_too_stays_and_does_nothing_more()
    {
        var fault = Given.Fault(FaultActions.NodeCrash, Everybody).Begun(Given.Nodes(1)).Deleted();
        fault = fault with { Metadata = fault.Metadata with { Finalizers = ["example.com/mine", FaultFinalizer.Name] } };

        var step = FaultDecision.Next(Given.Situation(fault, Given.Nodes(1)));
        Assert.Equal((false, "example.com/mine"), (step.Removed, step.Next!.Metadata.Finalizers.Single()));
        var after = FaultDecision.Next(Given.Situation(step.Next, Given.Nodes(1)));
        Assert.Equal((null, 0, 0), (after.Next, after.Lift.Count, after.Strike.Count));
    }

    [Fact]
    public void A_fault_that_is_deleted_before_it_began_undoes_nothing()
    {
        var step = FaultDecision.Next(Given.Situation(Given.Fault(FaultActions.NodeCrash, Everybody).Deleted(), Given.Nodes(2)));

        Assert.Equal((0, true), (step.Lift.Count, step.Removed));
    }

    [Fact]
    public void A_drained_node_is_asked_to_give_up_its_pods_every_five_seconds_until_none_is_left()
    {
        var begun = Given.Fault(FaultActions.NodeDrain, Everybody).Begun(Given.Node("node-1"));
        var daemon = Given.Pod("daemon");
        daemon.Metadata.OwnerReferences = [new k8s.Models.V1OwnerReference { Kind = "DaemonSet", Controller = true }];
        var going = Given.Pod("going");
        going.Metadata.DeletionTimestamp = Given.Start;

        var step = FaultDecision.Next(Given.Situation(begun, [Given.Node("node-1")], [Given.Pod("a"), Given.Pod("b", node: "node-2"), daemon, going]));
        Assert.Equal(["a"], step.Evict.Select(pod => pod.Metadata.Name));
        Assert.Equal(Given.Start.AddSeconds(5), step.DueAt);
        Assert.Null(FaultDecision.Next(Given.Situation(begun, [Given.Node("node-1")], [daemon, going])).DueAt);
    }

    // Whoever may write the status may write anything into it: it is read in the feed of every silo.
    [Theory]
    [InlineData(FaultActions.APIError)]
    [InlineData(FaultActions.ContainerKill)]
    [InlineData(FaultActions.NodeRemove)]
    public void An_odd_status_is_no_reason_to_fail(string action)
    {
        var fault = Given.Fault(action, Everybody).With(spec => spec with { Duration = "80000h", Period = action == FaultActions.ContainerKill ? "80000h" : null }) with
        {
            Status = new V1alpha1FaultStatus
            {
                Phase = FaultPhases.Active,
                StartedAt = DateTime.SpecifyKind(DateTime.MaxValue, DateTimeKind.Utc),
                Rounds = int.MaxValue,
                Injections = int.MaxValue,
                Nodes = [new V1alpha1FaultNode()],
            },
        };

        Assert.True(new ArmedFault(fault).HappensAt(Given.Start));
        var step = FaultDecision.Next(Given.Situation(fault, Given.Nodes(1)));
        Assert.True(step.DueAt is null || step.DueAt < DateTime.MaxValue.AddHours(-1));
        Assert.Equal((0, 0), (step.Strike.Count, FaultDecision.Next(Given.Situation(fault.Deleted(), Given.Nodes(1))).Lift.Count));
        Assert.Equal(int.MaxValue, FaultDecision.Count(fault, 1).Status!.Injections);
    }

    [Fact]
    public void A_bound_is_kept_time_by_time_and_the_last_one_ends_it()
    {
        var fault = Given.Fault(FaultActions.ImagePullFailure).With(spec => spec with { Count = 2 }).Begun();
        fault = FaultDecision.Grant(fault, Given.Start)!;
        Assert.Equal((1, FaultPhases.Active), (fault.Status!.Injections, fault.Status.Phase));

        fault = FaultDecision.Grant(fault, Given.Start.AddSeconds(3))!;
        Assert.Equal((2, FaultPhases.Finished, "CountReached"), (fault.Status!.Injections, fault.Status.Phase, fault.Status.Conditions![0].Reason));
        Assert.Null(FaultDecision.Grant(fault, Given.Start.AddSeconds(4)));
    }

    [Fact]
    public void Nothing_is_granted_before_it_begins_after_it_ends_or_when_it_goes()
    {
        var fault = Given.Fault(FaultActions.ImagePullFailure).With(spec => spec with { Count = 2, Duration = "10s" });

        Assert.Null(FaultDecision.Grant(fault, Given.Start));
        Assert.Null(FaultDecision.Grant(fault.Begun(), Given.Start.AddSeconds(10)));
        Assert.Null(FaultDecision.Grant(fault.Begun().Deleted(), Given.Start));
        Assert.NotNull(FaultDecision.Grant(fault.Begun(), Given.Start.AddSeconds(9)));
    }
}
