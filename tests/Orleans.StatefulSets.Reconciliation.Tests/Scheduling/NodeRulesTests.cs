using k8s.Models;
using Orleans.StatefulSets.Reconciliation.Scheduling;

namespace Orleans.StatefulSets.Reconciliation.Tests.Scheduling;

/// <summary>Ports, preferences, names and volumes: what one node has to offer.</summary>
public sealed class NodeRulesTests
{
    // "Don't specify a hostPort for a Pod unless it is absolutely necessary. When you bind a Pod to a hostPort, it limits the number of
    // places the Pod can be scheduled, because each <hostIP, hostPort, protocol> combination must be unique."
    [Theory]
    [InlineData(80, "TCP", null, true)]
    [InlineData(80, "TCP", "10.0.0.1", true)]
    [InlineData(80, "UDP", null, false)]
    [InlineData(81, "TCP", null, false)]
    public void A_host_port_is_taken_once_on_a_node(int port, string protocol, string? ip, bool taken)
    {
        var scheduler = Given.Scheduler(Given.Node("node-1"));
        scheduler.ObservePod(Given.Pod("there").OnPort(80).On("node-1"), 5);
        Assert.Equal(
            taken ? "0/1 nodes are available: 1 node(s) didn't have free ports for the requested pod ports. preemption: 0/1 nodes are available: 1 No preemption victims found for incoming pod." : null,
            scheduler.Refuse(Given.Pod("a").OnPort(port, protocol, ip)));
    }

    [Fact]
    public void The_same_port_of_two_addresses_is_two_ports()
    {
        var scheduler = Given.Scheduler(Given.Node("node-1"));
        scheduler.ObservePod(Given.Pod("there").OnPort(80, ip: "10.0.0.1").On("node-1"), 5);
        Assert.Equal("node-1", scheduler.Assign(Given.Pod("a").OnPort(80, ip: "10.0.0.2")));
    }

    // "PreferNoSchedule is a 'preference' or 'soft' version of NoSchedule. The control plane will try to avoid placing a Pod that does not
    // tolerate the taint on the node, but it is not guaranteed."
    [Fact]
    public void A_soft_taint_is_avoided_as_long_as_another_node_will_do()
    {
        var scheduler = Given.Scheduler(Given.Node("node-1").Tainted("PreferNoSchedule"), Given.Node("node-2", pods: 2));
        Assert.Equal(["node-2", "node-2", "node-1"], Enumerable.Range(0, 3).Select(pod => scheduler.Assign(Given.Pod($"pod-{pod}"))));
    }

    // "You can specify a weight between 1 and 100 for each instance of the preferredDuringSchedulingIgnoredDuringExecution affinity type.
    // When the scheduler finds nodes that meet all the other scheduling requirements of the Pod, the scheduler iterates through every
    // preferred rule that the node satisfies and adds the value of the weight for that expression to a sum."
    [Fact]
    public void The_node_with_the_greatest_sum_of_weights_is_preferred()
    {
        var scheduler = Given.Scheduler(
            Given.Node("node-1").Labelled("disk", "ssd"), Given.Node("node-2").Labelled("gpu", "yes").Labelled("big", "yes"), Given.Node("node-3"));
        var pod = Given.Pod("a").Preferring(new V1Affinity
        {
            NodeAffinity = new V1NodeAffinity { PreferredDuringSchedulingIgnoredDuringExecution = [Preferred("disk", 50), Preferred("gpu", 30), Preferred("big", 30)] },
        });
        Assert.Equal("node-2", scheduler.Assign(pod));
    }

    // The one field that terms can ask for is metadata.name; nodes that none names are not even asked.
    [Fact]
    public void A_pod_for_a_named_node_goes_there_or_nowhere()
    {
        var scheduler = Given.Scheduler(Given.Node("node-1"), Given.Node("node-2"));
        Assert.Equal("node-2", scheduler.Assign(ForNode("a", ["node-2"])));
        Assert.Equal(
            "0/2 nodes are available: 2 node(s) didn't satisfy plugin(s) [NodeAffinity]. preemption: 0/2 nodes are available: 2 Preemption is not helpful for scheduling.",
            scheduler.Refuse(ForNode("b", ["node-9"])));
        Assert.Equal(
            "0/2 nodes are available: pod affinity terms conflict. preemption: 0/2 nodes are available: 2 Preemption is not helpful for scheduling.",
            scheduler.Refuse(ForNode("c", ["node-1"], ["node-2"])));
    }

    // VolumeZone: a volume labelled with zones can be used from these alone; "__" separates several.
    [Theory]
    [InlineData("a", true)]
    [InlineData("b__a", true)]
    [InlineData("b", false)]
    public void A_volume_with_a_zone_label_keeps_its_pod_in_that_zone(string zones, bool fits)
    {
        var claim = new SchedulingClaim
        {
            Name = "c",
            Readiness = ClaimReadiness.Bound,
            VolumeLabels = new Dictionary<string, string> { [Constrained.Zone] = zones },
        };
        Assert.Equal(
            fits ? null : "0/1 nodes are available: 1 node(s) had no available volume zone. preemption: 0/1 nodes are available: 1 Preemption is not helpful for scheduling.",
            Given.Scheduler(Constrained.Zoned("node-1", "a")).Refuse(Given.Pod("web-0"), claim));
    }

    // "Cluster operators can specify allowedTopologies to restrict the topology of provisioned volumes to specific zones."
    [Fact]
    public void A_class_with_allowed_topologies_makes_volumes_only_there()
    {
        var claim = new SchedulingClaim
        {
            Name = "c",
            Readiness = ClaimReadiness.WaitForFirstConsumer,
            AllowedTopologies =
            [
                new V1TopologySelectorTerm { MatchLabelExpressions = [new V1TopologySelectorLabelRequirement { Key = Constrained.Zone, Values = ["b"] }] },
            ],
        };
        var scheduler = Given.Scheduler(Constrained.Zoned("node-1", "a"), Constrained.Zoned("node-2", "b"));
        Assert.Equal("node-2", scheduler.Assign(Given.Pod("web-0"), new SchedulingClaims([claim])).NodeOf());
    }

    private static V1PreferredSchedulingTerm Preferred(string label, int weight) => new()
    {
        Weight = weight,
        Preference = new V1NodeSelectorTerm { MatchExpressions = [new V1NodeSelectorRequirement { Key = label, OperatorProperty = "Exists" }] },
    };

    private static V1Pod ForNode(string name, params string[][] names) => Given.Pod(name).Preferring(new V1Affinity
    {
        NodeAffinity = new V1NodeAffinity
        {
            RequiredDuringSchedulingIgnoredDuringExecution = new V1NodeSelector
            {
                NodeSelectorTerms =
                [
                    new V1NodeSelectorTerm
                    {
                        MatchFields = [.. names.Select(values => new V1NodeSelectorRequirement { Key = "metadata.name", OperatorProperty = "In", Values = values })],
                    },
                ],
            },
        },
    });
}
