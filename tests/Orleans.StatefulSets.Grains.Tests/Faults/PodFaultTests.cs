using k8s.Models;
using Orleans.StatefulSets.Grains.Faults;
using Orleans.StatefulSets.Grains.Replicas;
using Orleans.StatefulSets.Grains.Tests.Clusters;
using Orleans.StatefulSets.Grains.Tests.Streaming;
using Orleans.StatefulSets.Resources.Faults;
using Orleans.StatefulSets.Resources.Kinds;

namespace Orleans.StatefulSets.Grains.Tests.Faults;

/// <summary>What goes wrong with pods, claims and requests, on a clock in hand.</summary>
public sealed class PodFaultTests
{
    // One that is known without being run, one that really runs, and a server that waits to be asked.
    [Theory]
    [InlineData("busybox", "sleep", "infinity")]
    [InlineData("busybox", "sh", "-c", "trap 'exit 0' TERM; while :; do sleep 3600; done")]
    [InlineData("nginx")]
    public async Task A_container_that_is_killed_again_and_again_ends_with_137_and_waits_longer_each_time(string image, params string[] command)
    {
        await using var scene = await FaultScene.StartAsync();
        await Insides.RunAsync(scene.Cluster, Insides.New("victim", image, command));
        await scene.BeginAsync("kill", new V1alpha1FaultSpec { Action = FaultActions.ContainerKill, Selector = new V1alpha1FaultSelector { Pods = ["victim"] }, Period = "1s" });

        await scene.PassAsync(200, "restarted twice, and waits", _ => scene.Container("victim") is { RestartCount: 2, State.Waiting.Reason: "CrashLoopBackOff" });
        Assert.Equal((137, "Error"), (scene.Container("victim")!.LastState.Terminated.ExitCode, scene.Container("victim")!.LastState.Terminated.Reason));
        Assert.StartsWith("back-off 20s", scene.Container("victim")!.State.Waiting.Message, StringComparison.Ordinal);
        Assert.True(scene.Injections("kill") >= 3);

        await scene.LiftAsync("kill");
        await scene.PassAsync(60, "it runs again", _ => scene.Container("victim") is { RestartCount: 3, State.Running: not null });
    }

    [Fact]
    public async Task Without_a_period_a_container_is_killed_once()
    {
        await using var scene = await FaultScene.StartAsync();
        await scene.Cluster.CreateAsync(Sets.New("web", 2));
        await scene.Cluster.UntilAsync("ready", replica => Sets.AreReady(replica, "web", 2), sweeping: true);
        await scene.BeginAsync("kill", new V1alpha1FaultSpec { Action = FaultActions.ContainerKill, Selector = new V1alpha1FaultSelector { Pods = ["web-1"] } });

        await scene.Cluster.UntilAsync("restarted", _ => scene.Container("web-1")!.RestartCount == 1, sweeping: true);
        await scene.Cluster.UntilAsync("over", _ => scene.Phase("kill") == FaultPhases.Finished);
        Assert.Equal((1, 0), (scene.Injections("kill"), scene.Container("web-0")!.RestartCount));
    }

    [Fact]
    public async Task An_image_cant_be_pulled_until_that_is_lifted_and_the_next_try_is_due()
    {
        await using var scene = await FaultScene.StartAsync();
        await scene.BeginAsync("pull", new V1alpha1FaultSpec { Action = FaultActions.ImagePullFailure, Selector = new V1alpha1FaultSelector { Images = ["busy*"] } });
        await scene.Cluster.CreateAsync(Insides.New("waits", "busybox", "sleep", "infinity"));
        await scene.Cluster.CreateAsync(Insides.New("runs", "nginx"));

        await scene.Cluster.UntilAsync("the pull failed", _ => scene.Container("waits")?.State?.Waiting?.Reason == "ErrImagePull", sweeping: true);
        Assert.Contains("docker.io/library/busybox:latest", scene.Container("waits")!.State.Waiting.Message, StringComparison.Ordinal);
        await scene.Cluster.UntilAsync("another image is there", _ => Sets.IsReady(scene.Pod("runs")), sweeping: true);
        await scene.PassAsync(9, "it waits", _ => scene.Container("waits")?.State?.Waiting?.Reason == "ImagePullBackOff");
        await scene.LiftAsync("pull");
        Assert.Equal("ImagePullBackOff", scene.Container("waits")!.State.Waiting.Reason);
        await scene.PassAsync(60, "it runs", _ => Sets.IsReady(scene.Pod("waits")));
    }

    [Fact]
    public async Task A_pull_fails_as_often_as_it_may_and_no_more()
    {
        await using var scene = await FaultScene.StartAsync();
        await scene.BeginAsync("pull", new V1alpha1FaultSpec { Action = FaultActions.ImagePullFailure, Count = 2 });
        await scene.Cluster.CreateAsync(Insides.New("waits", "busybox", "sleep", "infinity"));

        // The waits after two failures: 10 s and 20 s.
        Assert.True(await scene.PassAsync(120, "it runs", _ => Sets.IsReady(scene.Pod("waits"))) >= 30);
        await scene.Cluster.UntilAsync("over", _ => (scene.Injections("pull"), scene.Phase("pull")) == (2, FaultPhases.Finished));
    }

    [Fact]
    public async Task A_volume_is_not_made_until_that_is_lifted()
    {
        await using var scene = await FaultScene.StartAsync();
        await scene.BeginAsync("provision", new V1alpha1FaultSpec { Action = FaultActions.VolumeProvisioningFailure, Selector = new V1alpha1FaultSelector { Claims = ["data-web-1"] } });
        await scene.Cluster.CreateAsync(Sets.New("web", 2, policy: "Parallel", claims: true));

        await scene.Cluster.UntilAsync("the other one is there", _ => Sets.IsReady(scene.Pod("web-0")), sweeping: true);
        await scene.PassAsync(60, "tried three times", _ => scene.Injections("provision") >= 3);
        Assert.Equal("Pending", Claim(scene)!.Status.Phase);
        await scene.Cluster.UntilAsync("told", _ => Events(scene).Any(told => told is { Reason: "ProvisioningFailed", InvolvedObject.Name: "data-web-1" }), sweeping: true);

        await scene.LiftAsync("provision");
        await scene.PassAsync(100, "bound", replica => Claim(scene)!.Status.Phase == "Bound" && Sets.AreReady(replica, "web", 2));
    }

    [Fact]
    public async Task A_pod_whose_readiness_probe_fails_leaves_the_endpoints_and_comes_back()
    {
        await using var scene = await FaultScene.StartAsync();
        var set = Sets.New("web", 2);
        set.Spec.Template.Spec.Containers[0].ReadinessProbe = new V1Probe { HttpGet = new V1HTTPGetAction { Port = 80 }, PeriodSeconds = 1, FailureThreshold = 3 };
        await scene.Cluster.CreateAsync(new V1Service
        {
            ApiVersion = "v1",
            Kind = "Service",
            Metadata = new V1ObjectMeta { Name = "web", NamespaceProperty = "default" },
            Spec = new V1ServiceSpec { ClusterIP = "None", Selector = new Dictionary<string, string> { ["app"] = "web" }, Ports = [new V1ServicePort { Port = 80 }] },
        });
        await scene.Cluster.CreateAsync(set);
        await scene.PassAsync(100, "ready", replica => Sets.AreReady(replica, "web", 2) && Ready(scene) == 2);

        await scene.BeginAsync("probe", new V1alpha1FaultSpec { Action = FaultActions.ProbeFailure, Probe = "readiness", Selector = new V1alpha1FaultSelector { Pods = ["web-1"] } });
        // Three failures, a second apart.
        Assert.True(await scene.PassAsync(30, "one is left", _ => Ready(scene) == 1) >= 2);
        Assert.False(Sets.IsReady(scene.Pod("web-1")));
        Assert.Equal(0, scene.Container("web-1")!.RestartCount);
        await scene.Cluster.UntilAsync("told", _ => Events(scene).Any(told => told.Reason == "Unhealthy" && told.Message.Contains("context deadline exceeded", StringComparison.Ordinal)), sweeping: true);

        await scene.LiftAsync("probe");
        await scene.PassAsync(60, "both are back", replica => Ready(scene) == 2 && Sets.AreReady(replica, "web", 2));
    }

    [Fact]
    public async Task A_liveness_probe_that_fails_has_its_container_started_anew()
    {
        await using var scene = await FaultScene.StartAsync();
        var pod = Insides.New("web", "nginx");
        pod.Spec.Containers[0].LivenessProbe = new V1Probe { HttpGet = new V1HTTPGetAction { Port = 80 }, PeriodSeconds = 1, FailureThreshold = 2 };
        await Insides.RunAsync(scene.Cluster, pod);
        await scene.BeginAsync("probe", new V1alpha1FaultSpec { Action = FaultActions.ProbeFailure, Probe = "liveness" });

        await scene.PassAsync(200, "restarted", _ => scene.Container("web") is { RestartCount: > 0 });
        await scene.Cluster.UntilAsync("counted", _ => scene.Injections("probe") >= 2);
    }

    [Fact]
    public async Task Requests_meet_a_fault_in_the_same_order_again_while_it_happens()
    {
        await using var scene = await FaultScene.StartAsync();
        var faults = scene.Cluster.Service<IRequestFaults>(0);
        Assert.False(faults.Any);
        var spec = new V1alpha1FaultSpec { Action = FaultActions.APIError, StatusCode = 503, Percent = 30, Duration = "60s", Selector = new V1alpha1FaultSelector { Resources = ["pods"] } };
        await scene.BeginAsync("error", spec);
        await scene.Cluster.UntilAsync("known", _ => faults.Any);
        var story = await StoryAsync(faults);
        Assert.InRange(story.Count(letter => letter == 'x'), 15, 50);
        Assert.Null(await faults.RefusalOfAsync(Get("services")));
        await scene.Cluster.UntilAsync("counted", _ => scene.Injections("error") == story.Count(letter => letter == 'x'));

        await scene.LiftAsync("error");
        await scene.Cluster.UntilAsync("lifted", _ => !faults.Any);
        await scene.BeginAsync("error", spec);
        await scene.Cluster.UntilAsync("known again", _ => faults.Any);
        Assert.Equal(story, await StoryAsync(faults));

        // Its end counts from the clock, whoever has heard of it.
        scene.Clock.Advance(TimeSpan.FromSeconds(60));
        Assert.Equal(new string('.', 100), await StoryAsync(faults));
    }

    [Fact]
    public async Task Requests_are_delayed_by_all_faults_that_hit_them_and_refused_as_often_as_may_be()
    {
        await using var scene = await FaultScene.StartAsync();
        var faults = scene.Cluster.Service<IRequestFaults>(0);
        await scene.BeginAsync("slow", new V1alpha1FaultSpec { Action = FaultActions.APIDelay, Delay = "300ms" });
        await scene.BeginAsync("slower", new V1alpha1FaultSpec { Action = FaultActions.APIDelay, Delay = "2s", Count = 1 });
        await scene.BeginAsync("error", new V1alpha1FaultSpec { Action = FaultActions.APIError, Count = 3 });
        await scene.Cluster.UntilAsync("known", _ => faults.Any);

        Assert.Equal(TimeSpan.FromSeconds(2.3), await faults.DelayOfAsync(Get("pods")));
        Assert.Equal(TimeSpan.FromSeconds(0.3), await faults.DelayOfAsync(Get("pods")));
        Assert.Equal("xxx", (await StoryAsync(faults)).TrimEnd('.'));
        await scene.Cluster.UntilAsync("over", _ => (scene.Injections("error"), scene.Phase("error")) == (3, FaultPhases.Finished));
    }

    private static async Task<string> StoryAsync(IRequestFaults faults)
    {
        var story = new char[100];
        for (var number = 0; number < story.Length; number++)
        {
            story[number] = await faults.RefusalOfAsync(Get("pods")) is null ? '.' : 'x';
        }

        return new string(story);
    }

    private static FaultedRequest Get(string resource) => new("get", resource, "", "default", "a", "test");

    private static V1PersistentVolumeClaim? Claim(FaultScene scene) => scene.Cluster.Replica().Find(ResourceKinds.PersistentVolumeClaims.Key("default", "data-web-1"))?.As<V1PersistentVolumeClaim>();

    private static int Ready(FaultScene scene) =>
        scene.Cluster.Replica().Find(ResourceKinds.Endpoints.Key("default", "web"))?.As<V1Endpoints>().Subsets?.Sum(subset => subset.Addresses?.Count ?? 0) ?? 0;

    private static IEnumerable<Corev1Event> Events(FaultScene scene) =>
        scene.Cluster.Service<ReplicaSet>(0).List(ResourceKinds.Events.Resource, "default").Select(item => item.As<Corev1Event>());
}
