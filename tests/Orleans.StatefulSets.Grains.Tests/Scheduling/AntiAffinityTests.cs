using k8s.Models;
using Orleans.StatefulSets.Grains.Replicas;
using Orleans.StatefulSets.Grains.Tests.Clusters;
using Orleans.StatefulSets.Grains.Time;
using Orleans.StatefulSets.Reconciliation.Nodes;
using Orleans.StatefulSets.Resources.Kinds;
using Orleans.StatefulSets.Resources.Writing;

namespace Orleans.StatefulSets.Grains.Tests.Scheduling;

public sealed class AntiAffinityTests
{
    [Fact]
    public async Task A_quorum_of_three_on_two_nodes_waits_for_the_third_node_and_says_why()
    {
        await using var cluster = await TestCluster.StartAsync(1);
        await cluster.DeleteAsync(ResourceKinds.Nodes.Key("", NodeObjects.New(2, new NodeOptions(), default).Metadata.Name));
        var set = Sets.New("quorum", 3, "Parallel");
        await cluster.CreateAsync(set with { Spec = set.Spec with { Template = Apart(set.Spec.Template) } });

        await cluster.UntilAsync("two run, and the third is told why it does not", replica => Sets.Pods(replica, "quorum").Count(Sets.IsReady) == 2 && Refusal(replica) is not null);
        Assert.Equal(
            "0/2 nodes are available: 2 node(s) didn't match pod anti-affinity rules."
            + " preemption: 0/2 nodes are available: 2 No preemption victims found for incoming pod.",
            Refusal(cluster.Replica()));

        await cluster.CreateAsync(NodeObjects.New(7, new NodeOptions(), cluster.Service<ClusterClock>(0).NowSeconds));
        await cluster.UntilAsync("the third on the new node", replica => Sets.AreReady(replica, "quorum", 3));
        Assert.Equal(3, Sets.Pods(cluster.Replica(), "quorum").Select(pod => pod.Spec.NodeName).Distinct().Count());
    }

    [Fact]
    public async Task A_more_important_pod_takes_the_place_of_the_least_important_one_by_its_grace_period()
    {
        await using var cluster = await TestCluster.StartAsync(1);
        foreach (var index in (int[])[1, 2])
        {
            await cluster.DeleteAsync(ResourceKinds.Nodes.Key("", NodeObjects.New(index, new NodeOptions(), default).Metadata.Name));
        }

        var node = NodeObjects.New(0, new NodeOptions(), default);
        var cpu = node.Status.Allocatable["cpu"].ToString();
        await cluster.CreateAsync(Pod("low", cpu, priority: null));
        await cluster.UntilAsync("the low one runs", replica => Find(replica, "low") is { } pod && Sets.IsReady(pod));
        await cluster.CreateAsync(Pod("high", cpu, "system-cluster-critical"));

        // Its containers have ended by then; that it is gone may be told a moment later.
        await cluster.UntilAsync("the high one runs there, and the low one is gone", replica => Find(replica, "high") is { } pod && Sets.IsReady(pod) && Find(replica, "low") is null);
        Assert.Equal(node.Metadata.Name, Find(cluster.Replica(), "high")!.Status.NominatedNodeName);
    }

    [Fact]
    public async Task A_gated_pod_is_scheduled_when_its_last_gate_is_lifted()
    {
        await using var cluster = await TestCluster.StartAsync(1);
        var gated = Pod("gated", "1", priority: null);
        await cluster.CreateAsync(gated with { Spec = gated.Spec with { SchedulingGates = [new V1PodSchedulingGate { Name = "example.com/wait" }] } });
        await cluster.UntilAsync("it says that it is gated", replica => Condition(Find(replica, "gated"))?.Reason == "SchedulingGated");

        await cluster.WriteAsync(new WriteRequest
        {
            Key = ResourceKinds.Pods.Key("default", "gated"),
            Verb = WriteVerb.Patch,
            Patch = PatchKind.Merge,
            Body = """{"spec":{"schedulingGates":null}}"""u8.ToArray(),
        });
        await cluster.UntilAsync("it runs", replica => Find(replica, "gated") is { } pod && Sets.IsReady(pod));
    }

    private static V1PodTemplateSpec Apart(V1PodTemplateSpec template) => template with
    {
        Spec = template.Spec with
        {
            Affinity = new V1Affinity
            {
                PodAntiAffinity = new V1PodAntiAffinity
                {
                    RequiredDuringSchedulingIgnoredDuringExecution =
                    [
                        new V1PodAffinityTerm { TopologyKey = "kubernetes.io/hostname", LabelSelector = new V1LabelSelector { MatchLabels = template.Metadata.Labels } },
                    ],
                },
            },
        },
    };

    private static V1Pod Pod(string name, string cpu, string? priority) => new()
    {
        ApiVersion = "v1",
        Kind = "Pod",
        Metadata = new V1ObjectMeta { Name = name, NamespaceProperty = "default" },
        Spec = new V1PodSpec
        {
            PriorityClassName = priority,
            Containers =
            [
                new V1Container
                {
                    Name = "c",
                    Image = "nginx",
                    Resources = new V1ResourceRequirements { Requests = new Dictionary<string, ResourceQuantity> { ["cpu"] = new(cpu) } },
                },
            ],
        },
    };

    private static V1Pod? Find(Replica replica, string name) => replica.Find(ResourceKinds.Pods.Key("default", name))?.As<V1Pod>();

    private static V1PodCondition? Condition(V1Pod? pod) => pod?.Status?.Conditions?.FirstOrDefault(condition => condition.Type == "PodScheduled");

    private static string? Refusal(Replica replica) =>
        Sets.Pods(replica, "quorum").Select(Condition).FirstOrDefault(condition => condition is { Status: "False", Reason: "Unschedulable" })?.Message;
}
