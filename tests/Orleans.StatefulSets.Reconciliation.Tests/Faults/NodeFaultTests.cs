using k8s.Models;
using Orleans.StatefulSets.Reconciliation.Faults;
using Orleans.StatefulSets.Reconciliation.Nodes;
using Orleans.StatefulSets.Resources.Faults;

namespace Orleans.StatefulSets.Reconciliation.Tests.Faults;

/// <summary>What a Fault does to a Node's object, and how it is undone.</summary>
public sealed class NodeFaultTests
{
    private static readonly DateTime Later = Given.Start.AddSeconds(30);

    [Fact]
    public void A_machine_that_is_crashed_is_off_and_boots_when_that_is_over()
    {
        var off = Begin(Given.Node("node-1"), FaultActions.NodeCrash)!;
        Assert.Equal((true, Given.Start, "f"), (NodePower.IsOff(off), NodePower.SilentSince(off), off.Metadata.Annotations[NodeFaults.SwitchedBy]));
        Assert.True(NodeFaults.IsBegun(off, FaultActions.NodeCrash, "f"));

        var on = End(off, FaultActions.NodeCrash)!;
        Assert.Equal((false, Later), (NodePower.IsSilent(on), NodePower.BootedAt(on)));
        Assert.Equal([NodePower.BootedAtAnnotation], on.Metadata.Annotations.Keys);
    }

    [Fact]
    public void A_machine_that_is_frozen_goes_on_when_that_is_over()
    {
        var frozen = Begin(Given.Node("node-1"), FaultActions.NodeFreeze)!;
        Assert.Equal((true, false, Given.Start), (NodePower.IsFrozen(frozen), NodePower.IsOff(frozen), NodePower.SilentSince(frozen)));

        var on = End(frozen, FaultActions.NodeFreeze)!;
        Assert.Equal((false, Later, null), (NodePower.IsSilent(on), NodePower.ThawedAt(on), NodePower.BootedAt(on)));
    }

    [Fact]
    public void A_node_that_is_drained_is_cordoned_until_that_is_over()
    {
        var cordoned = Begin(Given.Node("node-1"), FaultActions.NodeDrain)!;
        Assert.True(cordoned.Spec.Unschedulable);

        var on = End(cordoned, FaultActions.NodeDrain)!;
        Assert.Equal((null, 0), (on.Spec.Unschedulable, on.Metadata.Annotations.Count));
    }

    [Theory]
    [InlineData(FaultActions.NodeCrash)]
    [InlineData(FaultActions.NodeDrain)]
    public void What_somebody_else_did_is_not_undone(string action)
    {
        var given = Given.Node("node-1");
        given.Metadata.Annotations = new Dictionary<string, string> { [NodePower.Switch] = "off" };
        given.Spec.Unschedulable = true;

        Assert.True(NodeFaults.IsBegun(given, action, "f"));
        Assert.Null(Begin(given, action));
        Assert.Null(End(given, action));
    }

    [Fact]
    public void Who_switches_the_machine_on_meanwhile_has_it_on()
    {
        var off = Begin(Given.Node("node-1"), FaultActions.NodeCrash)!;
        var on = NodePower.Stamp(Without(off, NodePower.Switch), off, Later);

        Assert.True(NodeFaults.IsBegun(on, FaultActions.NodeCrash, "f"));
        Assert.Null(Begin(on, FaultActions.NodeCrash));
        Assert.Equal([NodePower.BootedAtAnnotation], End(on, FaultActions.NodeCrash)!.Metadata.Annotations.Keys);
    }

    [Fact]
    public void Another_fault_that_does_the_same_takes_over_without_a_moment_between()
    {
        var off = Begin(Given.Node("node-1"), FaultActions.NodeCrash)!;
        var handed = NodeFaults.End(off, FaultActions.NodeCrash, "f", heir: "g", Later)!;

        Assert.Equal((true, "g"), (NodePower.IsOff(handed), handed.Metadata.Annotations[NodeFaults.SwitchedBy]));
        Assert.Null(NodeFaults.End(handed, FaultActions.NodeCrash, "f", heir: null, Later));
        Assert.False(NodePower.IsSilent(NodeFaults.End(handed, FaultActions.NodeCrash, "g", heir: null, Later)!));
    }

    private static V1Node? Begin(V1Node node, string action) => NodeFaults.Begin(node, action, "f", Given.Start);

    private static V1Node? End(V1Node node, string action) => NodeFaults.End(node, action, "f", heir: null, Later);

    private static V1Node Without(V1Node node, string annotation) => node with
    {
        Metadata = node.Metadata with { Annotations = node.Metadata.Annotations.Where(pair => pair.Key != annotation).ToDictionary() },
    };
}
