using k8s.Models;
using Orleans.StatefulSets.Reconciliation.Nodes;

namespace Orleans.StatefulSets.Reconciliation.Tests.Nodes;

public sealed class LostNodeRulesTests
{
    private static readonly DateTime Added = NodeWalk.Start;

    // https://kubernetes.io/docs/concepts/scheduling-eviction/taint-and-toleration/#concepts
    // "Pods that do not tolerate the taint are evicted immediately", "pods that tolerate the taint without specifying tolerationSeconds … remain bound forever",
    // "pods that tolerate the taint with a specified tolerationSeconds remain bound for the specified amount of time".
    [Theory]
    [InlineData("", 0)]
    [InlineData("unreachable=300", 300)]
    [InlineData("unreachable=forever", null)]
    [InlineData("unreachable=forever unreachable=60", 60)]
    [InlineData("unreachable=0", 0)]
    [InlineData("unreachable=-5", 0)]
    [InlineData("other=300", 0)]
    [InlineData("*=forever", null)]
    public void A_pod_stays_as_long_as_it_tolerates_the_taint(string tolerations, int? seconds)
    {
        var pod = new V1Pod
        {
            Metadata = new V1ObjectMeta { Name = "p" },
            Spec = new V1PodSpec
            {
                Containers = [],
                Tolerations = [.. tolerations.Split(' ', StringSplitOptions.RemoveEmptyEntries).Select(text => text.Split('=')).Select(words => new V1Toleration
                {
                    Key = words[0] == "*" ? null : "node.kubernetes.io/" + words[0],
                    OperatorProperty = "Exists",
                    Effect = words[0] == "*" ? null : "NoExecute",
                    TolerationSeconds = words[1] == "forever" ? null : long.Parse(words[1], System.Globalization.CultureInfo.InvariantCulture),
                })],
            },
        };

        var due = TaintEviction.DueAt(pod, [new V1Taint { Key = NodeTaints.Unreachable, Effect = "NoExecute", TimeAdded = Added }], Added);

        Assert.Equal(seconds is { } after ? Added.AddSeconds(after) : null, due);
    }

    // https://kubernetes.io/docs/concepts/architecture/nodes/#rate-limits-on-eviction
    // "If all zones are completely unhealthy … the node controller assumes that there is some problem with connectivity … and doesn't perform any evictions";
    // "If the cluster is small (… less than or equal to --large-cluster-size-threshold nodes - default 50), then evictions are stopped".
    [Theory]
    [InlineData(3, 0, true, EvictionMode.Evicting)]
    [InlineData(1, 2, true, EvictionMode.Evicting)]
    [InlineData(1, 3, true, EvictionMode.Held)]
    [InlineData(9, 11, true, EvictionMode.Held)]
    [InlineData(10, 11, true, EvictionMode.Evicting)]
    [InlineData(22, 28, true, EvictionMode.Held)]
    [InlineData(20, 31, true, EvictionMode.Evicting)]
    [InlineData(0, 3, true, EvictionMode.Evicting)]
    [InlineData(0, 3, false, EvictionMode.Stopped)]
    [InlineData(0, 80, false, EvictionMode.Stopped)]
    public void Pods_are_evicted_only_while_the_fault_looks_like_the_node_s(int ready, int unready, bool anyZoneWorks, EvictionMode mode) =>
        Assert.Equal(mode, ZoneHealth.Of(new ZoneCounts(ready, unready), anyZoneWorks));

    [Theory]
    [InlineData("", "")]
    [InlineData("topology.kubernetes.io/zone=a", ":\0:a")]
    [InlineData("topology.kubernetes.io/zone=a topology.kubernetes.io/region=r", "r:\0:a")]
    [InlineData("failure-domain.beta.kubernetes.io/zone=old topology.kubernetes.io/region=r", "r:\0:old")]
    [InlineData("failure-domain.beta.kubernetes.io/zone=old topology.kubernetes.io/zone=a", ":\0:a")]
    public void A_zone_is_known_by_its_region_and_its_name(string labels, string zone)
    {
        var node = new V1Node { Metadata = new V1ObjectMeta { Labels = labels.Split(' ', StringSplitOptions.RemoveEmptyEntries).Select(text => text.Split('=')).ToDictionary(words => words[0], words => words[1]) } };

        Assert.Equal(zone, ZoneHealth.ZoneOf(node));
    }

    [Fact]
    public void Heartbeats_follow_from_the_clock_and_end_with_the_machine()
    {
        var walk = new NodeWalk(NodeWalk.Machine()).Settle();
        Assert.Equal(Added.AddSeconds(120), NodeHeartbeat.LastRenewal(walk.Node, Added, Added.AddSeconds(129)));
        Assert.Equal(Added.AddMinutes(10), NodeHeartbeat.LastPost(walk.Node, Added, Added.AddMinutes(14)));

        walk.Now = Added.AddSeconds(47);
        walk.Power("off");
        Assert.Equal(Added.AddSeconds(40), NodeHeartbeat.LastRenewal(walk.Node, Added, Added.AddHours(1)));

        walk.Now = Added.AddSeconds(605);
        walk.Power("on");
        Assert.Equal(Added.AddSeconds(625), NodeHeartbeat.LastRenewal(walk.Node, Added, Added.AddSeconds(630)));
    }

    [Fact]
    public void The_number_of_a_range_is_found_again()
    {
        foreach (var (index, pods) in ((int, int)[])[(0, 110), (1, 110), (255, 110), (256, 110), (30_000, 110), (0, 1000), (77, 1000), (200, 60_000)])
        {
            Assert.Equal(index, NodeAddresses.IndexOf(NodeAddresses.PodCidr(index, pods)));
        }
    }
}
