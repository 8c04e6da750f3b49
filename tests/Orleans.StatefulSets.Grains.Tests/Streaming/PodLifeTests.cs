using k8s.Models;
using Orleans.StatefulSets.Grains.Streaming;
using Orleans.StatefulSets.Grains.Tests.Clusters;
using Orleans.StatefulSets.Grains.Time;
using Orleans.StatefulSets.Resources.Errors;
using Orleans.StatefulSets.Resources.Kinds;
using Orleans.StatefulSets.Resources.Writing;

namespace Orleans.StatefulSets.Grains.Tests.Streaming;

/// <summary>Hooks, probes, init containers and ends of pods that really run.</summary>
public sealed class PodLifeTests
{
    // "Kubernetes sends the postStart event immediately after the Container is created … the Container's status is not set to RUNNING until the postStart handler completes."
    [Fact]
    public async Task A_pod_runs_when_its_postStart_hook_is_done()
    {
        await using var cluster = await TestCluster.StartAsync(1);
        var pod = Insides.New("hooked", "nginx");
        pod.Spec.Containers[0].Lifecycle = new V1Lifecycle { PostStart = Exec("sh", "-c", "until test -e /tmp/go; do sleep 0.1; done; echo done > /tmp/done") };
        await cluster.CreateAsync(pod);
        await Insides.UntilAsync("it waits for its hook", async () => await TryAsync(cluster, "hooked", "true") == 0);
        Assert.Equal("Pending", Insides.Pod(cluster.Replica(), "hooked")!.Status.Phase);

        await Insides.ExecAsync(cluster, 0, "hooked", "", "touch", "/tmp/go");
        await cluster.UntilAsync("runs", replica => Insides.Pod(replica, "hooked")!.Status.Phase == "Running");
        Assert.Equal(("done\n", "", 0), await Insides.ExecAsync(cluster, 0, "hooked", "", "cat", "/tmp/done"));
    }

    // "If either a PostStart or PreStop hook fails, it kills the Container."
    [Fact]
    public async Task A_postStart_hook_that_fails_ends_the_container_and_it_is_started_again()
    {
        await using var cluster = await TestCluster.StartAsync(1, speed: 5);
        var pod = Insides.New("hooked", "nginx");
        pod.Spec.Containers[0].Lifecycle = new V1Lifecycle { PostStart = Exec("sh", "-c", "exit 1") };
        await cluster.CreateAsync(pod);
        await cluster.UntilAsync("restarted", replica => Insides.Pod(replica, "hooked")?.Status?.ContainerStatuses?.Single().RestartCount >= 2, sweeping: true);
    }

    // "PreStop … is called immediately before a container is terminated … the hook must complete before the TERM signal to stop the container can be sent."
    [Fact]
    public async Task A_preStop_hook_has_done_its_work_before_the_container_hears_TERM()
    {
        await using var cluster = await TestCluster.StartAsync(1);
        var set = Sets.New("db", 1, claims: true);
        var container = set.Spec.Template.Spec.Containers[0];
        container.Image = "busybox";
        container.Command = ["sh", "-c", "trap 'echo term >> /data/log; exit 0' TERM; while :; do sleep 0.1; done"];
        container.VolumeMounts = [new V1VolumeMount { Name = "data", MountPath = "/data" }];
        container.Lifecycle = new V1Lifecycle { PreStop = Exec("sh", "-c", "sleep 0.5; echo hook >> /data/log") };
        await cluster.CreateAsync(set);
        await cluster.UntilAsync("ready", replica => Sets.AreReady(replica, "db", 1), sweeping: true);
        var uid = Insides.Pod(cluster.Replica(), "db-0")!.Metadata.Uid;
        await cluster.DeleteAsync(Insides.Key("db-0"));
        await cluster.UntilAsync("another", replica => Insides.Pod(replica, "db-0") is { } pod && pod.Metadata.Uid != uid && Sets.IsReady(pod), sweeping: true);

        Assert.Equal(("hook\nterm\n", "", 0), await Insides.ExecAsync(cluster, 0, "db-0", "", "cat", "/data/log"));
    }

    [Fact]
    public async Task Init_containers_leave_files_for_the_others_and_a_sidecar_stays()
    {
        await using var cluster = await TestCluster.StartAsync(2);
        var pod = Insides.New("made", "nginx");
        var mount = new V1VolumeMount { Name = "html", MountPath = "/usr/share/nginx/html" };
        pod.Spec.Volumes = [new V1Volume { Name = "html", EmptyDir = new V1EmptyDirVolumeSource() }];
        pod.Spec.Containers[0].VolumeMounts = [mount];
        pod.Spec.InitContainers =
        [
            Init("first", "echo one > /usr/share/nginx/html/index.html", mount),
            Init("side", "while :; do sleep 1000; done", mount),
            Init("second", "echo two >> /usr/share/nginx/html/index.html; echo said", mount),
        ];
        pod.Spec.InitContainers[1].RestartPolicy = "Always";
        await Insides.RunAsync(cluster, pod);

        Assert.Equal(("one\ntwo\n", "", 0), await Insides.ExecAsync(cluster, 1, "made", "", "curl", "-s", "http://localhost/"));
        Assert.Equal("said\n", await Insides.LogAsync(cluster, 1, "made", new LogRequest { Container = "second" }));
        var statuses = Insides.Pod(cluster.Replica(), "made")!.Status.InitContainerStatuses;
        Assert.Equal(["Completed", "Running", "Completed"], statuses.Select(status => status.State.Terminated?.Reason ?? "Running"));
    }

    // "If the liveness probe fails, the kubelet kills the container, and the container is subjected to its restart policy."
    [Fact]
    public async Task A_container_whose_liveness_probe_fails_is_started_again_once()
    {
        await using var cluster = await TestCluster.StartAsync(1, speed: 5);
        var pod = Insides.New("lives", "nginx");
        pod.Spec.TerminationGracePeriodSeconds = 10;
        pod.Spec.Containers[0].LivenessProbe = new V1Probe { Exec = new V1ExecAction { Command = ["test", "!", "-e", "/tmp/dead"] }, PeriodSeconds = 1, FailureThreshold = 2 };
        await Insides.RunAsync(cluster, pod);
        await Insides.ExecAsync(cluster, 0, "lives", "", "touch", "/tmp/dead");
        await cluster.UntilAsync("restarted", replica => Insides.Pod(replica, "lives")!.Status.ContainerStatuses[0] is { RestartCount: 1, State.Running: not null }, sweeping: true);

        // The grace period of the first instance ends while the second one runs.
        var restarted = Insides.Pod(cluster.Replica(), "lives")!.Status.ContainerStatuses[0].State.Running.StartedAt!.Value;
        var clock = cluster.Service<ClusterClock>(0);
        await Insides.UntilAsync("the grace period is long over", () => Task.FromResult(clock.Now > restarted.AddSeconds(15)));
        Assert.Equal(1, Insides.Pod(cluster.Replica(), "lives")!.Status.ContainerStatuses[0].RestartCount);
        Assert.Equal(("lives\n", "", 0), await Insides.ExecAsync(cluster, 0, "lives", "", "sh", "-c", "test ! -e /tmp/dead && hostname"));
    }

    // "If a startup probe is provided, all other probes are disabled until it succeeds."
    [Fact]
    public async Task A_startup_probe_holds_the_others_back()
    {
        await using var cluster = await TestCluster.StartAsync(1, speed: 5);
        var pod = Insides.New("slow", "nginx");
        pod.Spec.Containers[0].StartupProbe = Probe("test", "-e", "/tmp/started");
        pod.Spec.Containers[0].StartupProbe.FailureThreshold = 10_000;
        pod.Spec.Containers[0].LivenessProbe = Probe("test", "-e", "/tmp/started");
        pod.Spec.Containers[0].LivenessProbe.FailureThreshold = 1;
        pod.Spec.Containers[0].ReadinessProbe = Probe("sh", "-c", "echo asked >> /tmp/asked");
        pod.Spec.Containers[0].ReadinessProbe.PeriodSeconds = 3_600;
        await Insides.RunAsync(cluster, pod);
        var clock = cluster.Service<ClusterClock>(0);
        var began = clock.Now;
        await Insides.UntilAsync("probes had their time", () => Task.FromResult(clock.Now > began.AddSeconds(10)));
        Assert.Equal((0, false), (Insides.Pod(cluster.Replica(), "slow")!.Status.ContainerStatuses[0].RestartCount, Sets.IsReady(Insides.Pod(cluster.Replica(), "slow")!)));
        Assert.Equal(1, (await Insides.ExecAsync(cluster, 0, "slow", "", "test", "-e", "/tmp/asked")).ExitCode);

        await Insides.ExecAsync(cluster, 0, "slow", "", "touch", "/tmp/started");
        await cluster.UntilAsync("ready at once, not after a period", replica => Sets.IsReady(Insides.Pod(replica, "slow")!));
    }

    [Fact]
    public async Task A_container_that_is_known_without_running_has_a_new_inside_with_each_of_its_lives()
    {
        await using var cluster = await TestCluster.StartAsync(1, speed: 5);
        await Insides.RunAsync(cluster, Insides.New("naps", "busybox", "sh", "-c", "sleep 15; exit 1"));
        await Insides.ExecAsync(cluster, 0, "naps", "", "touch", "/tmp/first");
        await using var open = await Insides.BeginAsync(cluster, 0, "naps", "sh", "-c", "echo up; sleep 100000");
        Assert.Equal("up\n", await Insides.ReadAsync(open));

        Assert.Equal(137, (await Insides.EndAsync(open)).ExitCode);
        await cluster.UntilAsync("restarted", replica => Insides.Pod(replica, "naps")!.Status.ContainerStatuses[0] is { RestartCount: 1, State.Running: not null }, sweeping: true);
        Assert.Equal(1, (await Insides.ExecUntilAsync(cluster, "naps", "test", "-e", "/tmp/first")).ExitCode);
    }

    [Fact]
    public async Task Many_who_look_into_an_idle_pod_at_once_all_find_it()
    {
        await using var cluster = await TestCluster.StartAsync(3);
        await Insides.RunAsync(cluster, Insides.New("idle", "nginx"));
        var all = await Task.WhenAll(Enumerable.Range(0, 12).Select(index => Insides.ExecAsync(cluster, index % 3, "idle", "", "curl", "-s", "-o", "/dev/null", "http://localhost/")));
        Assert.All(all, outcome => Assert.Equal(("", "", 0), outcome));
    }

    [Fact]
    public async Task A_pod_that_is_looked_into_before_it_has_started_has_its_address_all_the_same()
    {
        await using var cluster = await TestCluster.StartAsync(1, speed: 5);
        var pod = Insides.New("waits", "nginx");
        pod.Spec.Containers[0].EnvFrom = [new V1EnvFromSource { ConfigMapRef = new V1ConfigMapEnvSource { Name = "later" } }];
        await cluster.CreateAsync(pod);
        await cluster.UntilAsync("waits", replica => Insides.Pod(replica, "waits")?.Status?.ContainerStatuses?[0].State.Waiting?.Reason == "CreateContainerConfigError");
        Assert.Contains("container not found", (await Assert.ThrowsAsync<ApiException>(() => Insides.ExecAsync(cluster, 0, "waits", "", "true"))).Message, StringComparison.Ordinal);
        Assert.Contains("is waiting to start: CreateContainerConfigError", (await Assert.ThrowsAsync<ApiException>(() => Insides.LogAsync(cluster, 0, "waits"))).Message, StringComparison.Ordinal);

        await cluster.CreateAsync(new V1ConfigMap { ApiVersion = "v1", Kind = "ConfigMap", Metadata = new V1ObjectMeta { Name = "later", NamespaceProperty = "default" }, Data = new Dictionary<string, string> { ["KEY"] = "v" } });
        await cluster.UntilAsync("runs", replica => Insides.Pod(replica, "waits")!.Status.Phase == "Running");
        Assert.Equal((Insides.Pod(cluster.Replica(), "waits")!.Status.PodIP + " v\n", "", 0), await Insides.ExecAsync(cluster, 0, "waits", "", "sh", "-c", "echo $(hostname -i) $KEY"));
    }

    [Fact]
    public async Task A_pod_is_reached_while_it_terminates_and_what_is_open_then_ends_with_it()
    {
        await using var cluster = await TestCluster.StartAsync(2);
        var pod = Insides.New("goes", "busybox", "sh", "-c", "trap 'until test -e /tmp/go; do sleep 0.1; done; exit 0' TERM; while :; do sleep 0.1; done");
        await Insides.RunAsync(cluster, pod);
        await cluster.DeleteAsync(Insides.Key("goes"));
        await cluster.UntilAsync("terminates", replica => Insides.Pod(replica, "goes")?.Metadata.DeletionTimestamp is not null);
        await using var open = await Insides.BeginAsync(cluster, 1, "goes", "cat");
        Assert.Equal(("", "", 0), await Insides.ExecAsync(cluster, 0, "goes", "", "touch", "/tmp/go"));

        Assert.Equal(137, (await Insides.EndAsync(open)).ExitCode);
        await cluster.UntilAsync("gone", replica => Insides.Pod(replica, "goes") is null, sweeping: true);
    }

    [Fact]
    public async Task Nothing_runs_any_more_in_a_pod_that_was_evicted()
    {
        await using var cluster = await TestCluster.StartAsync(1);
        await Insides.RunAsync(cluster, Insides.New("heavy", "busybox", "sh", "-c", "while :; do sleep 0.1; done"));
        await using var open = await Insides.BeginAsync(cluster, 0, "heavy", "sh", "-c", "echo up; sleep 100000");
        Assert.Equal("up\n", await Insides.ReadAsync(open));

        await cluster.WriteAsync(new WriteRequest
        {
            Key = ResourceKinds.Nodes.Key("", Insides.Pod(cluster.Replica(), "heavy")!.Spec.NodeName),
            Verb = WriteVerb.Patch,
            Patch = PatchKind.StrategicMerge,
            Subresource = "status",
            Body = """{"status":{"conditions":[{"type":"MemoryPressure","status":"True"}]}}"""u8.ToArray(),
        });

        Assert.Equal(137, (await Insides.EndAsync(open)).ExitCode);
        await cluster.UntilAsync("it is known", replica => Insides.Pod(replica, "heavy")!.Status.Reason == "Evicted");
    }

    private static async Task<int> TryAsync(TestCluster cluster, string pod, params string[] command)
    {
        try
        {
            return (await Insides.ExecAsync(cluster, 0, pod, "", command)).ExitCode;
        }
        catch (ApiException)
        {
            return -1;
        }
    }

    private static V1LifecycleHandler Exec(params string[] command) => new() { Exec = new V1ExecAction { Command = command } };

    private static V1Probe Probe(params string[] command) => new() { Exec = new V1ExecAction { Command = command }, PeriodSeconds = 1 };

    private static V1Container Init(string name, string script, V1VolumeMount mount) =>
        new() { Name = name, Image = "busybox", Command = ["sh", "-c", script], VolumeMounts = [mount] };
}
