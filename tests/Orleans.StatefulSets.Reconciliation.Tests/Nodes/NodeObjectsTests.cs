using Orleans.StatefulSets.Reconciliation.Nodes;

namespace Orleans.StatefulSets.Reconciliation.Tests.Nodes;

public class NodeObjectsTests
{
    private static readonly DateTime Now = new(2025, 6, 1, 12, 0, 0, 500, DateTimeKind.Utc);

    [Fact]
    public void A_new_node_is_ready_and_says_what_it_has()
    {
        var node = NodeObjects.New(0, new NodeOptions(), Now);

        Assert.Equal("node-1", node.Metadata.Name);
        Assert.Equal("node-1", node.Metadata.Labels["kubernetes.io/hostname"]);
        Assert.DoesNotContain("topology.kubernetes.io/zone", node.Metadata.Labels.Keys);
        Assert.Equal(["MemoryPressure=False", "DiskPressure=False", "PIDPressure=False", "Ready=True"], node.Status.Conditions.Select(c => $"{c.Type}={c.Status}"));
        Assert.Equal("kubelet is posting ready status", node.Status.Conditions[3].Message);
        Assert.Equal(["InternalIP 192.168.49.2", "Hostname node-1"], node.Status.Addresses.Select(a => $"{a.Type} {a.Address}"));
        Assert.Equal(("8", "110", "32Gi"), (node.Status.Capacity["cpu"].ToString(), node.Status.Capacity["pods"].ToString(), node.Status.Capacity["memory"].ToString()));
        Assert.Equal("32668Mi", node.Status.Allocatable["memory"].ToString());
        Assert.Equal(("v1.33.1", "10.244.0.0/24"), (node.Status.NodeInfo.KubeletVersion, node.Spec.PodCIDR));
        Assert.True(NodeConditions.IsReady(node));
    }

    [Fact]
    public void Zones_are_dealt_out_in_turn()
    {
        var zones = Enumerable.Range(0, 4).Select(i => NodeObjects.New(i, new NodeOptions { Zones = 3 }, Now).Metadata.Labels["topology.kubernetes.io/zone"]);
        Assert.Equal(["zone-a", "zone-b", "zone-c", "zone-a"], zones);
    }

    [Fact]
    public void A_silent_kubelets_conditions_turn_Unknown_once()
    {
        var node = NodeObjects.New(0, new NodeOptions(), Now);
        var silent = NodeConditions.Silent(node.Status.Conditions, Now.AddSeconds(50));

        Assert.All(silent, condition => Assert.Equal(("Unknown", "NodeStatusUnknown"), (condition.Status, condition.Reason)));
        Assert.Equal(node.Status.Conditions[3].LastHeartbeatTime, silent[3].LastHeartbeatTime);
        Assert.Equal(silent[3].LastTransitionTime, NodeConditions.Silent(silent, Now.AddSeconds(99))[3].LastTransitionTime);
    }
}
