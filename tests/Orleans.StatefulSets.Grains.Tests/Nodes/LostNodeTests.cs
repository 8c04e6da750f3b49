using k8s.Models;
using Orleans.StatefulSets.Grains.Replicas;
using Orleans.StatefulSets.Grains.Tests.Clusters;
using Orleans.StatefulSets.Grains.Time;
using Orleans.StatefulSets.Reconciliation.Nodes;
using Orleans.StatefulSets.Resources.Kinds;
using Orleans.StatefulSets.Resources.Writing;

namespace Orleans.StatefulSets.Grains.Tests.Nodes;

/// <summary>A machine goes off under pods of a set, on a clock that stands still between the looks: "Node loss" of a StatefulSet's specification.</summary>
public sealed class LostNodeTests
{
    private static readonly DateTime Start = new(2025, 6, 1, 12, 0, 0, DateTimeKind.Utc);

    [Fact]
    public async Task A_node_that_is_off_for_ten_minutes_costs_its_pod_its_readiness_then_its_place_and_gives_it_back_when_it_returns()
    {
        var clock = new ManualClock(Start);
        await using var cluster = await TestCluster.StartAsync(1, clock);
        await cluster.CreateAsync(Sets.New("web", 3));
        await cluster.UntilAsync("three ready pods", replica => Sets.AreReady(replica, "web", 3), sweeping: true);
        var (victim, node) = (Pod(cluster, "web-1"), Pod(cluster, "web-1").Spec.NodeName);

        await PowerAsync(cluster, node, "off");
        await AdvanceAsync(cluster, clock, TimeSpan.FromSeconds(49), "nothing yet", replica => Sets.AreReady(replica, "web", 3));
        Assert.Equal("True", Ready(cluster, node));

        await AdvanceAsync(cluster, clock, TimeSpan.FromSeconds(1), "the node is given up", replica => Ready(cluster, node) == "Unknown" && !Sets.IsReady(Pod(cluster, "web-1")));
        await cluster.UntilAsync("the set counts two", replica => Set(cluster).Status.ReadyReplicas == 2, sweeping: true);
        await AdvanceAsync(cluster, clock, TimeSpan.FromSeconds(5), "the next look evicts", _ => Taints(cluster, node) is ["node.kubernetes.io/unreachable:NoExecute", "node.kubernetes.io/unreachable:NoSchedule"]);
        Assert.Equal(victim.Metadata.Uid, Pod(cluster, "web-1").Metadata.Uid);

        await AdvanceAsync(cluster, clock, TimeSpan.FromSeconds(299), "tolerated", _ => Pod(cluster, "web-1").Metadata.DeletionTimestamp is null);
        await AdvanceAsync(cluster, clock, TimeSpan.FromSeconds(1), "evicted", _ => Pod(cluster, "web-1").Metadata.DeletionTimestamp is not null);
        var evicted = Pod(cluster, "web-1");
        Assert.Equal("DeletionByTaintManager", evicted.Status.Conditions.Single(condition => condition.Type == "DisruptionTarget").Reason);

        // Nobody ends it: the set waits, however long it takes, rather than have two of one identity.
        await AdvanceAsync(cluster, clock, TimeSpan.FromMinutes(4), "stuck", _ => Pod(cluster, "web-1").Metadata.Uid == victim.Metadata.Uid);
        Assert.Equal("Running", Pod(cluster, "web-1").Status.Phase);
        Assert.Equal(2, Set(cluster).Status.ReadyReplicas);

        await PowerAsync(cluster, node, "on");
        await cluster.UntilAsync("another web-1", replica => Sets.AreReady(replica, "web", 3) && Pod(cluster, "web-1").Metadata.Uid != victim.Metadata.Uid, sweeping: true);
        Assert.Equal(("True", 0), (Ready(cluster, node), Taints(cluster, node).Count));
    }

    [Fact]
    public async Task A_machine_that_comes_back_in_time_starts_its_containers_again()
    {
        var clock = new ManualClock(Start);
        await using var cluster = await TestCluster.StartAsync(1, clock);
        await cluster.CreateAsync(Sets.New("web", 1));
        await cluster.UntilAsync("a ready pod", replica => Sets.AreReady(replica, "web", 1), sweeping: true);
        var before = Pod(cluster, "web-0");
        await PowerAsync(cluster, before.Spec.NodeName, "off");
        clock.Advance(TimeSpan.FromSeconds(120));
        await cluster.UntilAsync("given up", _ => !Sets.IsReady(Pod(cluster, "web-0")), sweeping: true);

        await PowerAsync(cluster, before.Spec.NodeName, "on");

        await cluster.UntilAsync("ready again", replica => Sets.AreReady(replica, "web", 1), sweeping: true);
        var after = Pod(cluster, "web-0");
        Assert.Equal((before.Metadata.Uid, 1), (after.Metadata.Uid, after.Status.ContainerStatuses[0].RestartCount));
        Assert.NotEqual(before.Status.PodIP, after.Status.PodIP);
    }

    // "If all zones are completely unhealthy … the node controller assumes that there is some problem with connectivity … and doesn't perform any evictions."
    [Fact]
    public async Task With_all_nodes_lost_none_is_tainted_to_evict_and_when_one_returns_the_others_are()
    {
        var clock = new ManualClock(Start);
        await using var cluster = await TestCluster.StartAsync(2, clock);
        await cluster.CreateAsync(Sets.New("web", 3));
        await cluster.UntilAsync("three ready pods", replica => Sets.AreReady(replica, "web", 3), sweeping: true);
        string[] unreachable = ["node.kubernetes.io/unreachable:NoSchedule"];
        string[] evicting = ["node.kubernetes.io/unreachable:NoExecute", .. unreachable];

        await PowerAsync(cluster, "node-1", "off");
        await AdvanceAsync(cluster, clock, TimeSpan.FromSeconds(50), "one is given up", _ => Ready(cluster, "node-1") == "Unknown");
        await AdvanceAsync(cluster, clock, TimeSpan.FromSeconds(5), "and tainted", _ => Taints(cluster, "node-1").SequenceEqual(evicting));

        await PowerAsync(cluster, "node-2", "off");
        await PowerAsync(cluster, "node-3", "off");
        await AdvanceAsync(cluster, clock, TimeSpan.FromSeconds(50), "all are given up", replica => Nodes(replica).All(node => NodeConditions.Status(node, "Ready") == "Unknown"));
        await cluster.UntilAsync("what evicted is gone", replica => Nodes(replica).All(node => Taints(cluster, node.Metadata.Name).SequenceEqual(unreachable)));
        await AdvanceAsync(cluster, clock, TimeSpan.FromMinutes(30), "and stays so", replica => Nodes(replica).All(node => Taints(cluster, node.Metadata.Name).SequenceEqual(unreachable)));
        Assert.All(Sets.Pods(cluster.Replica(), "web"), pod => Assert.Null(pod.Metadata.DeletionTimestamp));

        await PowerAsync(cluster, "node-3", "on");
        await cluster.UntilAsync(
            "the others are tainted, and it is not",
            _ => Taints(cluster, "node-1").SequenceEqual(evicting) && Taints(cluster, "node-2").SequenceEqual(evicting) && Taints(cluster, "node-3").Count == 0);
        Assert.Equal("True", Ready(cluster, "node-3"));
        Assert.All(Sets.Pods(cluster.Replica(), "web"), pod => Assert.Null(pod.Metadata.DeletionTimestamp));
        await AdvanceAsync(cluster, clock, TimeSpan.FromSeconds(301), "what they tolerate began anew", replica => Sets.Pods(replica, "web").Count(pod => pod.Metadata.DeletionTimestamp is not null) == 2);
    }

    [Fact]
    public async Task The_out_of_service_taint_lets_a_stuck_pod_go_and_come_up_elsewhere()
    {
        var clock = new ManualClock(Start);
        await using var cluster = await TestCluster.StartAsync(1, clock);
        await cluster.CreateAsync(Sets.New("web", 2));
        await cluster.UntilAsync("two ready pods", replica => Sets.AreReady(replica, "web", 2), sweeping: true);
        var victim = Pod(cluster, "web-1");
        await PowerAsync(cluster, victim.Spec.NodeName, "off");
        await AdvanceAsync(cluster, clock, TimeSpan.FromSeconds(60), "given up", _ => !Sets.IsReady(Pod(cluster, "web-1")));
        await AdvanceAsync(cluster, clock, TimeSpan.FromSeconds(5), "tainted", _ => Taints(cluster, victim.Spec.NodeName).Count == 2);
        await AdvanceAsync(cluster, clock, TimeSpan.FromSeconds(301), "evicted", _ => Pod(cluster, "web-1").Metadata.DeletionTimestamp is not null);

        await PatchAsync(cluster, victim.Spec.NodeName, """{"spec":{"taints":[{"key":"node.kubernetes.io/out-of-service","value":"nodeshutdown","effect":"NoExecute"}]}}""");

        await cluster.UntilAsync("another web-1 elsewhere", replica => Sets.AreReady(replica, "web", 2), sweeping: true);
        Assert.NotEqual(victim.Spec.NodeName, Pod(cluster, "web-1").Spec.NodeName);
    }

    [Fact]
    public async Task The_pods_of_a_node_that_is_deleted_are_collected_after_a_while()
    {
        var clock = new ManualClock(Start);
        await using var cluster = await TestCluster.StartAsync(1, clock);
        await cluster.CreateAsync(Sets.New("web", 2));
        await cluster.UntilAsync("two ready pods", replica => Sets.AreReady(replica, "web", 2), sweeping: true);
        var victim = Pod(cluster, "web-1");

        // The quarantine begins when it is missed.
        var wheel = cluster.Service<TimingWheel>(0);
        var waiting = wheel.Count;
        await cluster.DeleteAsync(ResourceKinds.Nodes.Key("", victim.Spec.NodeName));
        await cluster.UntilAsync("missed", _ => wheel.Count > waiting);
        await AdvanceAsync(cluster, clock, TimeSpan.FromSeconds(39), "still there", _ => Pod(cluster, "web-1").Metadata.Uid == victim.Metadata.Uid);
        await AdvanceAsync(cluster, clock, TimeSpan.FromSeconds(2), "another one", replica => Sets.AreReady(replica, "web", 2) && Pod(cluster, "web-1").Metadata.Uid != victim.Metadata.Uid);

        await cluster.UntilAsync("its lease went too", replica => replica.Find(Lease(victim.Spec.NodeName)) is null, sweeping: true);
    }

    [Fact]
    public async Task A_node_that_is_created_becomes_ready_with_an_address_a_range_and_a_lease_of_its_own()
    {
        await using var cluster = await TestCluster.StartAsync(2);
        await Task.WhenAll(Enumerable.Range(0, 8).Select(index => cluster.CreateAsync(
            new V1Node { ApiVersion = "v1", Kind = "Node", Metadata = new V1ObjectMeta { Name = $"new-{index}" } }, silo: index % 2)));

        await cluster.UntilAsync("all are ready", replica => Nodes(replica).Count == 11 && Nodes(replica).All(node => NodeConditions.IsReady(node) && node.Spec.Taints is null), sweeping: true);
        Assert.Equal(11, Nodes(cluster.Replica()).Select(node => node.Spec.PodCIDR).Distinct().Count());
        Assert.Equal(11, Nodes(cluster.Replica()).Select(node => node.Status.Addresses[0].Address).Distinct().Count());
        await cluster.UntilAsync("all have leases", replica => Nodes(replica).All(node => replica.Find(Lease(node.Metadata.Name)) is not null));

        // What a node had that is gone is free again.
        var freed = Node(cluster, "new-3").Spec.PodCIDR;
        await cluster.DeleteAsync(ResourceKinds.Nodes.Key("", "new-3"));
        await cluster.UntilAsync("gone", replica => replica.Find(ResourceKinds.Nodes.Key("", "new-3")) is null);
        var again = await cluster.CreateAsync(new V1Node { ApiVersion = "v1", Kind = "Node", Metadata = new V1ObjectMeta { Name = "new-3" } });
        Assert.Equal(freed, again.Object.As<V1Node>().Spec.PodCIDR);
    }

    [Fact]
    public async Task A_node_that_is_short_of_memory_evicts_the_pod_it_can_do_without_and_the_set_makes_it_again_elsewhere()
    {
        var clock = new ManualClock(Start);
        await using var cluster = await TestCluster.StartAsync(1, clock);
        await cluster.CreateAsync(Sets.New("web", 2));
        await cluster.UntilAsync("two ready pods", replica => Sets.AreReady(replica, "web", 2), sweeping: true);
        var victim = Pod(cluster, "web-1");
        List<string> seen = [];
        cluster.Replica().Applied += change =>
        {
            if (change.Object.Uid == victim.Metadata.Uid && change.Object.As<V1Pod>().Status is { Reason: { } reason } status)
            {
                seen.Add($"{status.Phase} {reason} {status.Message}");
            }
        };

        await cluster.WriteAsync(new WriteRequest
        {
            Key = ResourceKinds.Nodes.Key("", victim.Spec.NodeName),
            Verb = WriteVerb.Patch,
            Patch = PatchKind.StrategicMerge,
            Subresource = "status",
            Body = """{"status":{"conditions":[{"type":"MemoryPressure","status":"True"}]}}"""u8.ToArray(),
        });

        await cluster.UntilAsync("another web-1 elsewhere", replica => Sets.AreReady(replica, "web", 2) && Pod(cluster, "web-1").Spec.NodeName != victim.Spec.NodeName, sweeping: true);
        Assert.Contains("Failed Evicted The node was low on resource: memory. ", seen);
        Assert.Equal(["node.kubernetes.io/memory-pressure:NoSchedule"], Taints(cluster, victim.Spec.NodeName));
    }

    private static async Task AdvanceAsync(TestCluster cluster, ManualClock clock, TimeSpan time, string what, Func<Replica, bool> condition)
    {
        clock.Advance(time);
        await cluster.UntilAsync(what, condition, sweeping: true);
    }

    private static Task PowerAsync(TestCluster cluster, string node, string value) =>
        PatchAsync(cluster, node, $"{{\"metadata\":{{\"annotations\":{{\"{NodePower.Switch}\":\"{value}\"}}}}}}");

    private static Task PatchAsync(TestCluster cluster, string node, string patch) => cluster.WriteAsync(new WriteRequest
    {
        Key = ResourceKinds.Nodes.Key("", node),
        Verb = WriteVerb.Patch,
        Patch = PatchKind.StrategicMerge,
        Body = System.Text.Encoding.UTF8.GetBytes(patch),
    });

    private static V1Pod Pod(TestCluster cluster, string name) => cluster.Replica().Find(ResourceKinds.Pods.Key("default", name))?.As<V1Pod>() ?? new V1Pod { Metadata = new V1ObjectMeta(), Spec = new V1PodSpec { Containers = [] } };

    private static V1StatefulSet Set(TestCluster cluster) => cluster.Replica().Find(Sets.Key("web"))!.As<V1StatefulSet>();

    private static V1Node Node(TestCluster cluster, string name) => cluster.Replica().Find(ResourceKinds.Nodes.Key("", name))!.As<V1Node>();

    private static List<V1Node> Nodes(Replica replica) => [.. replica.List(ResourceKinds.Nodes.Resource, null).Select(node => node.As<V1Node>())];

    private static string? Ready(TestCluster cluster, string name) => NodeConditions.Status(Node(cluster, name), "Ready");

    private static List<string> Taints(TestCluster cluster, string name) => [.. (Node(cluster, name).Spec.Taints ?? []).Select(taint => $"{taint.Key}:{taint.Effect}").Order()];

    private static ObjectKey Lease(string node) => ResourceKinds.Leases.Key(NodeLeases.Namespace, node);
}
