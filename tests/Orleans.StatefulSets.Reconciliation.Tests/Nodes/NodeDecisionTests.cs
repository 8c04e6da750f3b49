using k8s.Models;
using Orleans.StatefulSets.Reconciliation.Nodes;
using Orleans.StatefulSets.Resources.Errors;

namespace Orleans.StatefulSets.Reconciliation.Tests.Nodes;

/// <summary>https://kubernetes.io/docs/concepts/architecture/nodes/ and pkg/controller/nodelifecycle</summary>
public sealed class NodeDecisionTests
{
    // "If the kubelet … does not report … for the node monitor grace period (50 seconds by default), the node controller … sets … Ready … to Unknown."
    [Fact]
    public void A_machine_that_went_off_is_Unknown_after_the_grace_period_and_not_before()
    {
        var walk = new NodeWalk(NodeWalk.Machine()).Settle();
        walk.Now = NodeWalk.Start.AddSeconds(32);
        walk.Power("off");

        // The last renewal was at second 30.
        Assert.Equal(NodeWalk.Start.AddSeconds(80), walk.Ask().DueAt);
        Assert.Equal(("True", ""), (walk.After(TimeSpan.FromSeconds(47)).Ready(), walk.Taints()));

        walk.After(TimeSpan.FromSeconds(1));
        Assert.Equal(("Unknown", "unreachable:NoSchedule"), (walk.Ready(), walk.Taints()));
        Assert.All(walk.Node.Status.Conditions, condition => Assert.Equal(("NodeStatusUnknown", "Kubelet stopped posting node status."), (condition.Reason, condition.Message)));

        // --node-monitor-period: the look that finds it lost does not evict yet, the next one does.
        Assert.Equal(walk.Now.AddSeconds(5), walk.Ask().DueAt);
        walk.After(TimeSpan.FromSeconds(5));
        Assert.Equal("unreachable:NoSchedule unreachable:NoExecute", walk.Taints());
        Assert.Equal(walk.Now, walk.Node.Spec.Taints[1].TimeAdded);
        Assert.Equal("Node node-1 status is now: NodeNotReady", walk.Events.Single().Message);
    }

    [Fact]
    public void A_machine_that_comes_back_is_ready_untainted_and_has_another_boot_id()
    {
        var walk = new NodeWalk(NodeWalk.Machine()).Settle().Power("off").After(TimeSpan.FromMinutes(10));
        var boot = walk.Node.Status.NodeInfo.BootID;
        walk.Events.Clear();
        walk.Power(null);

        Assert.Equal(("True", "", false), (walk.Ready(), walk.Taints(), NodePower.IsOff(walk.Node)));
        Assert.Equal(walk.Now, NodePower.BootedAt(walk.Node));
        Assert.NotEqual(boot, walk.Node.Status.NodeInfo.BootID);
        Assert.Equal(["Starting", "NodeHasSufficientMemory", "NodeHasNoDiskPressure", "NodeHasSufficientPID", "Rebooted", "NodeReady"], walk.Events.Select(told => told.Reason));
    }

    [Fact]
    public void A_machine_that_comes_back_within_the_grace_period_was_never_missed_and_says_that_it_booted()
    {
        var walk = new NodeWalk(NodeWalk.Machine()).Settle().Power("off").After(TimeSpan.FromSeconds(30)).Power("on").After(TimeSpan.FromMinutes(5));

        Assert.Equal(("True", ""), (walk.Ready(), walk.Taints()));
        Assert.Equal(["Starting", "NodeHasSufficientMemory", "NodeHasNoDiskPressure", "NodeHasSufficientPID", "Rebooted"], walk.Events.Select(told => told.Reason));
    }

    // --node-startup-grace-period: "Amount of time which we allow starting Node to be unresponsive before marking it unhealthy." (1m0s)
    [Fact]
    public void A_node_that_never_came_up_is_Unknown_after_a_minute_and_is_registered_when_it_does()
    {
        var node = new V1Node { Metadata = new V1ObjectMeta { Name = "dark", CreationTimestamp = NodeWalk.Start, Annotations = new Dictionary<string, string> { [NodePower.Switch] = "off" } } };
        var walk = new NodeWalk(NodeObjects.Admit(NodePower.Stamp(node, null, NodeWalk.Start), NodeWalk.Start)).Settle();
        Assert.Equal((null, "not-ready:NoSchedule"), (walk.After(TimeSpan.FromSeconds(59)).Ready(), walk.Taints()));

        walk.After(TimeSpan.FromSeconds(1)).After(TimeSpan.FromSeconds(5));
        Assert.Equal(("Unknown", "unreachable:NoSchedule unreachable:NoExecute"), (walk.Ready(), walk.Taints()));
        Assert.All(walk.Node.Status.Conditions, condition => Assert.Equal(("NodeStatusNeverUpdated", "Kubelet never posted node status."), (condition.Reason, condition.Message)));

        walk.Power("on");
        Assert.Equal(("True", "", "linux"), (walk.Ready(), walk.Taints(), walk.Node.Status.NodeInfo.OperatingSystem));
    }

    [Fact]
    public void A_pressure_that_somebody_sets_is_said_in_the_kubelet_s_words_and_taken_back_in_them()
    {
        var walk = new NodeWalk(NodeWalk.Machine()).Settle();
        walk.Now = walk.Now.AddMinutes(1);
        V1Node Pressed(V1Node node, string status) => node with
        {
            Status = node.Status with { Conditions = [.. node.Status.Conditions.Select(condition => condition.Type == "MemoryPressure" ? condition with { Status = status } : condition)] },
        };

        var pressed = walk.Write(node => Pressed(node, "True")).Node.Status.Conditions.Single(condition => condition.Type == "MemoryPressure");
        Assert.Equal(("KubeletHasInsufficientMemory", "kubelet has insufficient memory available", walk.Now), (pressed.Reason, pressed.Message, pressed.LastTransitionTime));
        walk.Write(node => Pressed(node, "False"));
        Assert.Equal(["NodeHasInsufficientMemory", "NodeHasSufficientMemory"], walk.Events.Select(told => told.Reason));
        Assert.Equal("", walk.Taints());
    }

    // "When a node is created … the … control plane adds … node.kubernetes.io/not-ready"; it goes once the kubelet has posted.
    [Fact]
    public void A_node_that_somebody_creates_is_registered_by_its_kubelet_with_what_was_given()
    {
        var given = new V1Node
        {
            Metadata = new V1ObjectMeta { Name = "big", Labels = new Dictionary<string, string> { ["disk"] = "ssd", ["kubernetes.io/arch"] = "arm64" } },
            Status = new V1NodeStatus { Capacity = new Dictionary<string, ResourceQuantity> { ["cpu"] = new("96"), ["memory"] = new("1Gi") } },
        };
        var admitted = NodeObjects.Admit(given, NodeWalk.Start);
        Assert.Equal("node.kubernetes.io/not-ready", admitted.Spec.Taints.Single().Key);

        var walk = new NodeWalk(admitted).Settle();

        Assert.Equal(("True", ""), (walk.Ready(), walk.Taints()));
        Assert.Equal(("96", "110", "924Mi"), (Amount(walk.Node.Status.Capacity, "cpu"), Amount(walk.Node.Status.Capacity, "pods"), Amount(walk.Node.Status.Allocatable, "memory")));
        Assert.Equal(("ssd", "arm64", "big", "linux"), (walk.Node.Metadata.Labels["disk"], walk.Node.Metadata.Labels["kubernetes.io/arch"], walk.Node.Metadata.Labels["kubernetes.io/hostname"], walk.Node.Metadata.Labels["kubernetes.io/os"]));
        Assert.Equal(
            ["Starting", "NodeHasSufficientMemory", "NodeHasNoDiskPressure", "NodeHasSufficientPID", "NodeAllocatableEnforced", "RegisteredNode", "NodeReady"],
            walk.Events.Select(told => told.Reason));
    }

    [Fact]
    public void A_cordoned_node_and_one_under_pressure_are_tainted_and_a_stranger_s_taints_stay()
    {
        var walk = new NodeWalk(NodeWalk.Machine()).Write(node => node with
        {
            Spec = node.Spec with { Unschedulable = true, Taints = [new V1Taint { Key = "mine", Effect = "NoExecute" }] },
            Status = node.Status with { Conditions = [.. node.Status.Conditions.Select(condition => condition.Type == "DiskPressure" ? condition with { Status = "True" } : condition)] },
        });
        Assert.Equal("mine:NoExecute disk-pressure:NoSchedule unschedulable:NoSchedule", walk.Taints());

        walk.Write(node => node with { Spec = node.Spec with { Unschedulable = null } });
        Assert.Equal("mine:NoExecute disk-pressure:NoSchedule", walk.Taints());
    }

    [Theory]
    [InlineData(EvictionMode.Held)]
    [InlineData(EvictionMode.Stopped)]
    public void While_too_many_are_lost_a_node_is_not_tainted_to_evict(EvictionMode mode)
    {
        var walk = new NodeWalk(NodeWalk.Machine()) { Mode = mode }.Settle().Power("off").After(TimeSpan.FromMinutes(2)).After(TimeSpan.FromMinutes(1));
        Assert.Equal("unreachable:NoSchedule", walk.Taints());

        walk.Mode = EvictionMode.Evicting;
        Assert.Equal("unreachable:NoSchedule unreachable:NoExecute", walk.Settle().Taints());
    }

    // handleDisruption: "Entering master disruption mode" takes the taints off all nodes; a partial disruption only stops the limiter.
    // When it is over they are added anew, so what pods tolerate begins anew too.
    [Fact]
    public void A_taint_that_evicts_stays_while_a_part_of_the_zone_is_down_and_goes_while_every_zone_is()
    {
        var walk = new NodeWalk(NodeWalk.Machine()).Settle().Power("off").After(TimeSpan.FromSeconds(50)).After(TimeSpan.FromSeconds(5));
        var since = walk.Node.Spec.Taints[1].TimeAdded;
        walk.Mode = EvictionMode.Held;
        walk.After(TimeSpan.FromMinutes(1));
        Assert.Equal(("unreachable:NoSchedule unreachable:NoExecute", since), (walk.Taints(), walk.Node.Spec.Taints[1].TimeAdded));

        walk.Mode = EvictionMode.Stopped;
        Assert.Equal("unreachable:NoSchedule", walk.After(TimeSpan.FromMinutes(1)).Taints());

        walk.Mode = EvictionMode.Evicting;
        Assert.Equal("unreachable:NoSchedule unreachable:NoExecute", walk.After(TimeSpan.FromMinutes(1)).Taints());
        Assert.Equal(walk.Now, walk.Node.Spec.Taints[1].TimeAdded);
    }

    [Theory]
    [InlineData(EvictionMode.Held, "unreachable:NoSchedule unreachable:NoExecute")]
    [InlineData(EvictionMode.Stopped, "unreachable:NoSchedule")]
    public void A_taint_that_evicts_is_swapped_for_the_other_at_once(EvictionMode mode, string taints)
    {
        var walk = new NodeWalk(NodeWalk.Machine()).Settle().Power("off");
        walk.Mode = mode;
        walk.After(TimeSpan.FromSeconds(49)).Write(node => node with { Spec = node.Spec with { Taints = [new V1Taint { Key = NodeTaints.NotReady, Effect = "NoExecute" }] } });
        Assert.Equal("", walk.Taints());

        walk.Write(node => node with
        {
            Spec = node.Spec with { Taints = [new V1Taint { Key = NodeTaints.NotReady, Effect = "NoExecute" }] },
            Status = node.Status with { Conditions = NodeConditions.Silent(node.Status.Conditions, walk.Now) },
        });

        Assert.Equal(taints, walk.Taints());
    }

    [Fact]
    public void The_switch_stands_on_off_or_on()
    {
        var refusal = Assert.Throws<ApiException>(() => new NodeWalk(NodeWalk.Machine()).Power("maybe"));

        Assert.Equal(
            "Node \"node-1\" is invalid: metadata.annotations[emulator.statefulsets/power]: Unsupported value: \"maybe\": supported values: \"frozen\", \"off\", \"on\"",
            refusal.Message);
    }

    [Fact]
    public void The_moments_of_the_switch_are_the_emulator_s_and_no_client_takes_them_away()
    {
        var walk = new NodeWalk(NodeWalk.Machine()).Settle().Power("off");
        walk.Now = walk.Now.AddSeconds(7);
        walk.Write(node => node with { Metadata = node.Metadata with { Annotations = new Dictionary<string, string> { [NodePower.Switch] = "off" } } });

        Assert.Equal(NodeWalk.Start, NodePower.SilentSince(walk.Node));
    }

    [Fact]
    public void A_machine_that_hangs_is_missed_as_one_that_is_off_and_posts_again_without_having_booted()
    {
        var walk = new NodeWalk(NodeWalk.Machine()).Settle();
        var boot = walk.Node.Status.NodeInfo.BootID;
        walk.Now = NodeWalk.Start.AddSeconds(32);
        walk.Power("frozen");
        Assert.Equal("True", walk.After(TimeSpan.FromSeconds(47)).Ready());
        Assert.Equal(("Unknown", "unreachable:NoSchedule"), (walk.After(TimeSpan.FromSeconds(1)).Ready(), walk.Taints()));
        walk.Events.Clear();

        walk.Power(null);
        Assert.Equal(("True", "", boot), (walk.Ready(), walk.Taints(), walk.Node.Status.NodeInfo.BootID));
        Assert.Equal((null, walk.Now, null), (NodePower.SilentSince(walk.Node), NodePower.ThawedAt(walk.Node), NodePower.BootedAt(walk.Node)));
        Assert.Equal(["NodeReady"], walk.Events.Select(told => told.Reason));
    }

    [Fact]
    public void A_machine_that_hangs_for_a_moment_is_not_missed_and_says_nothing_of_it()
    {
        var walk = new NodeWalk(NodeWalk.Machine()).Settle().Power("frozen").After(TimeSpan.FromSeconds(30)).Power("on").After(TimeSpan.FromMinutes(5));

        Assert.Equal(("True", ""), (walk.Ready(), walk.Taints()));
        Assert.Empty(walk.Events);
    }

    // Heartbeats that were not sent were not sent, whatever the machine does later.
    [Fact]
    public void A_machine_that_goes_off_while_it_hangs_was_last_heard_of_before_it_hung()
    {
        var walk = new NodeWalk(NodeWalk.Machine()).Settle();
        walk.Now = NodeWalk.Start.AddSeconds(15);
        walk.Power("frozen");
        walk.Now = NodeWalk.Start.AddSeconds(40);
        walk.Power("off");
        Assert.Equal(NodeWalk.Start.AddSeconds(10), NodeHeartbeat.LastRenewal(walk.Node, NodeWalk.Start, walk.Now));

        walk.Now = NodeWalk.Start.AddSeconds(45);
        walk.Power("on");
        Assert.Equal((null, walk.Now, null), (NodePower.SilentSince(walk.Node), NodePower.BootedAt(walk.Node), NodePower.ThawedAt(walk.Node)));
        Assert.Equal(NodeWalk.Start.AddSeconds(45), NodeHeartbeat.LastRenewal(walk.Node, NodeWalk.Start, walk.Now.AddSeconds(9)));
    }

    [Theory]
    [InlineData("16", null, "16")]
    [InlineData("16", "4", "4")]
    public void A_machine_that_is_made_larger_gives_more_to_pods_unless_that_is_said_too(string capacity, string? allocatable, string expected)
    {
        var before = NodeWalk.Machine();
        var next = before with
        {
            Status = before.Status with
            {
                Capacity = new Dictionary<string, ResourceQuantity>(before.Status.Capacity) { ["cpu"] = new(capacity) },
                Allocatable = allocatable is null ? before.Status.Allocatable : new Dictionary<string, ResourceQuantity>(before.Status.Allocatable) { ["cpu"] = new(allocatable) },
            },
        };

        Assert.Equal(expected, Amount(NodeObjects.Resize(next, before).Status.Allocatable, "cpu"));
    }

    private static string Amount(IDictionary<string, ResourceQuantity> amounts, string resource) => amounts[resource].ToString();
}
