using k8s.Models;
using Orleans.StatefulSets.Grains.Tests.Clusters;
using Orleans.StatefulSets.Grains.Tests.Streaming;
using Orleans.StatefulSets.Reconciliation.Nodes;
using Orleans.StatefulSets.Resources.Errors;
using Orleans.StatefulSets.Resources.Faults;
using Orleans.StatefulSets.Resources.Kinds;

namespace Orleans.StatefulSets.Grains.Tests.Faults;

/// <summary>Machines that go off, hang, are drained and are taken away, on a clock in hand.</summary>
public sealed class NodeFaultTests
{
    [Fact]
    public async Task A_machine_goes_off_and_comes_back_at_the_very_second()
    {
        await using var scene = await FaultScene.StartAsync();
        await scene.BeginAsync("crash", On("node-2", FaultActions.NodeCrash) with { StartAfter = "10s", Duration = "30s" });

        await scene.AdvanceAsync(9, "it waits", _ => scene.Phase("crash") == FaultPhases.Pending && !NodePower.IsSilent(scene.Node("node-2")));
        await scene.AdvanceAsync(1, "it is off", _ => NodePower.IsOff(scene.Node("node-2")));
        Assert.Equal((FaultPhases.Active, FaultScene.Start.AddSeconds(10)), (scene.Phase("crash"), NodePower.SilentSince(scene.Node("node-2"))));
        Assert.False(NodePower.IsSilent(scene.Node("node-1")));

        await scene.AdvanceAsync(29, "it is still off", _ => NodePower.IsOff(scene.Node("node-2")));
        await scene.AdvanceAsync(1, "it is back", _ => scene.Phase("crash") == FaultPhases.Finished);
        Assert.Equal((false, FaultScene.Start.AddSeconds(40)), (NodePower.IsSilent(scene.Node("node-2")), NodePower.BootedAt(scene.Node("node-2"))));
        Assert.Equal((FaultScene.Start.AddSeconds(10), FaultScene.Start.AddSeconds(40), 1), (scene.Fault("crash")!.Status!.StartedAt, scene.Fault("crash")!.Status!.EndsAt, scene.Injections("crash")));
    }

    [Fact]
    public async Task A_fault_that_is_deleted_is_lifted_before_it_is_gone()
    {
        await using var scene = await FaultScene.StartAsync();
        await scene.BeginAsync("crash", On("*", FaultActions.NodeCrash));
        await scene.Cluster.UntilAsync("all are off", _ => Names().All(name => NodePower.IsOff(scene.Node(name))));

        await scene.LiftAsync("crash");
        Assert.All(Names(), name => Assert.False(NodePower.IsSilent(scene.Node(name))));
    }

    [Fact]
    public async Task Where_two_faults_hold_a_machine_off_it_boots_when_the_second_is_over()
    {
        await using var scene = await FaultScene.StartAsync();
        await scene.BeginAsync("first", On("node-1", FaultActions.NodeCrash) with { Duration = "10s" });
        await scene.Cluster.UntilAsync("off", _ => NodePower.IsOff(scene.Node("node-1")));
        await scene.BeginAsync("second", On("node-1", FaultActions.NodeCrash) with { Duration = "20s" });

        await scene.AdvanceAsync(10, "the first is over", _ => scene.Phase("first") == FaultPhases.Finished);
        Assert.Equal((true, FaultScene.Start), (NodePower.IsOff(scene.Node("node-1")), NodePower.SilentSince(scene.Node("node-1"))));
        await scene.AdvanceAsync(10, "the second is over", _ => scene.Phase("second") == FaultPhases.Finished);
        Assert.Equal(FaultScene.Start.AddSeconds(20), NodePower.BootedAt(scene.Node("node-1")));
    }

    [Fact]
    public async Task A_machine_that_hangs_is_missed_runs_nothing_loses_nothing_and_goes_on_without_a_restart()
    {
        await using var scene = await FaultScene.StartAsync();
        const string counting = "i=0; while :; do i=$((i+1)); echo $i > /n; sleep 1; done";
        var pod = await Insides.RunAsync(scene.Cluster, Insides.New("counter", "busybox", "sh", "-c", counting));
        var node = pod.Spec.NodeName;
        await scene.PassAsync(100, "it counts", async () => await NumberAsync(scene) > 2);
        var before = await NumberAsync(scene);
        await scene.BeginAsync("freeze", On(node, FaultActions.NodeFreeze));
        await scene.Cluster.UntilAsync("it hangs", _ => NodePower.IsFrozen(scene.Node(node)));

        var refusal = await Assert.ThrowsAsync<ApiException>(() => NumberAsync(scene));
        Assert.Contains("i/o timeout", refusal.Message, StringComparison.Ordinal);
        await scene.PassAsync(200, "missed", _ => NodeConditions.Status(scene.Node(node), "Ready") == "Unknown");
        await scene.Cluster.UntilAsync("its pod is not ready", _ => !Sets.IsReady(scene.Pod("counter")), sweeping: true);
        await scene.LiftAsync("freeze");
        await scene.Cluster.UntilAsync("ready again", _ => NodeConditions.IsReady(scene.Node(node)) && Sets.IsReady(scene.Pod("counter")), sweeping: true);

        // It slept while it hung: that one sleep is over, and no more.
        Assert.InRange(await NumberAsync(scene), before, before + 1);
        Assert.Equal((pod.Metadata.Uid, 0), (scene.Pod("counter").Metadata.Uid, scene.Container("counter")!.RestartCount));
        var at = await NumberAsync(scene);
        await scene.PassAsync(100, "it counts on", async () => await NumberAsync(scene) > at + 1);
    }

    [Fact]
    public async Task A_probe_is_not_failed_by_its_machine_hanging()
    {
        await using var scene = await FaultScene.StartAsync();
        var probed = Insides.New("web", "nginx");

        // Its patience is shorter than the machine hangs, and longer than the test's clock is ahead of the answers.
        probed.Spec.Containers[0].LivenessProbe = new V1Probe { HttpGet = new V1HTTPGetAction { Port = 80 }, PeriodSeconds = 1, TimeoutSeconds = 15, FailureThreshold = 1 };
        var pod = await Insides.RunAsync(scene.Cluster, probed);
        await scene.BeginAsync("freeze", On(pod.Spec.NodeName, FaultActions.NodeFreeze) with { Duration = "30s" });
        await scene.Cluster.UntilAsync("it hangs", _ => NodePower.IsFrozen(scene.Node(pod.Spec.NodeName)));

        await SecondsAsync(31);
        await scene.Cluster.UntilAsync("it goes on", _ => scene.Phase("freeze") == FaultPhases.Finished, sweeping: true);
        await SecondsAsync(10);

        Assert.Equal((0, true), (scene.Container("web")!.RestartCount, scene.Container("web")!.Ready));

        async Task SecondsAsync(int count)
        {
            for (var second = 0; second < count; second++)
            {
                await scene.PassAsync(1, "the next second", _ => true);
                scene.Clock.Advance(TimeSpan.FromSeconds(1));
            }
        }
    }

    [Fact]
    public async Task A_node_is_drained_as_budgets_allow_and_takes_pods_again_when_that_is_over()
    {
        await using var scene = await FaultScene.StartAsync();
        var cluster = scene.Cluster;
        await cluster.CreateAsync(Sets.New("web", 3));
        await cluster.UntilAsync("ready", replica => Sets.AreReady(replica, "web", 3), sweeping: true);
        await cluster.CreateAsync(new V1PodDisruptionBudget
        {
            ApiVersion = "policy/v1",
            Kind = "PodDisruptionBudget",
            Metadata = new V1ObjectMeta { Name = "guard", NamespaceProperty = "default" },
            Spec = new V1PodDisruptionBudgetSpec { MaxUnavailable = 0, Selector = new V1LabelSelector { MatchLabels = new Dictionary<string, string> { ["app"] = "web" } } },
        });
        var (victim, node) = (scene.Pod("web-1").Metadata.Uid, scene.Pod("web-1").Spec.NodeName);
        await scene.BeginAsync("drain", On(node, FaultActions.NodeDrain));
        await cluster.UntilAsync("cordoned", _ => scene.Node(node).Spec.Unschedulable == true);
        await scene.PassAsync(30, "asked again and again", _ => true);
        Assert.Equal(victim, scene.Pod("web-1").Metadata.Uid);

        await scene.PatchAsync(ResourceKinds.PodDisruptionBudgets.Key("default", "guard"), """{"spec":{"maxUnavailable":1}}""");
        await scene.PassAsync(200, "moved", replica => Sets.AreReady(replica, "web", 3) && Sets.Pods(replica, "web").All(pod => pod.Spec.NodeName != node));
        await scene.LiftAsync("drain");
        Assert.Null(scene.Node(node).Spec.Unschedulable);
        await cluster.UntilAsync("untainted", _ => scene.Node(node).Spec.Taints is null, sweeping: true);
    }

    [Fact]
    public async Task A_machine_that_is_taken_away_joins_again_with_what_it_had()
    {
        await using var scene = await FaultScene.StartAsync();
        await scene.PatchAsync(ResourceKinds.Nodes.Key("", "node-3"), """{"metadata":{"labels":{"disk":"ssd","kubernetes.io/hostname":"mine"}}}""");
        await scene.Cluster.UntilAsync("labelled", _ => scene.Node("node-3").Metadata.Labels.ContainsKey("disk"));
        var before = scene.Node("node-3");
        await scene.BeginAsync("remove", On("node-3", FaultActions.NodeRemove) with { Duration = "60s" });
        await scene.Cluster.UntilAsync("it is gone", replica => replica.Find(ResourceKinds.Nodes.Key("", "node-3")) is null);

        await scene.AdvanceAsync(59, "still gone", replica => replica.Find(ResourceKinds.Nodes.Key("", "node-3")) is null);
        await scene.AdvanceAsync(1, "it is back", replica => replica.Find(ResourceKinds.Nodes.Key("", "node-3"))?.As<V1Node>() is { } node && NodeConditions.IsReady(node));
        var after = scene.Node("node-3");
        Assert.NotEqual(before.Metadata.Uid, after.Metadata.Uid);
        Assert.Equal(before.Metadata.Labels, after.Metadata.Labels);
        Assert.Equal("8", after.Status.Capacity["cpu"].ToString());
        await scene.Cluster.UntilAsync("over", _ => scene.Phase("remove") == FaultPhases.Finished);
    }

    [Fact]
    public async Task A_fault_goes_on_and_ends_when_the_silo_that_kept_it_is_lost()
    {
        await using var scene = await FaultScene.StartAsync(silos: 2);
        await scene.BeginAsync("crash", On("node-2", FaultActions.NodeCrash) with { Duration = "60s" });
        await scene.Cluster.UntilAsync("off", _ => NodePower.IsOff(scene.Node("node-2")));
        var key = ResourceKinds.Faults.Key("", "crash").ToString();
        await scene.Cluster.LoseSiloOfAsync(message => message.Key == key, kill: true);

        await scene.AdvanceAsync(60, "over all the same", _ => scene.Phase("crash") == FaultPhases.Finished && !NodePower.IsSilent(scene.Node("node-2")));
    }

    private static string[] Names() => ["node-1", "node-2", "node-3"];

    private static V1alpha1FaultSpec On(string node, string action) => new() { Action = action, Selector = new V1alpha1FaultSelector { Nodes = [node] } };

    private static async Task<int> NumberAsync(FaultScene scene) =>
        int.TryParse((await Insides.ExecAsync(scene.Cluster, 0, "counter", "", "cat", "/n")).Output.Trim(), out var number) ? number : 0;
}
