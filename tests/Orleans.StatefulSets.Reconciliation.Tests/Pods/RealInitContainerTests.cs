using k8s.Models;
using Orleans.StatefulSets.Reconciliation.Pods;

namespace Orleans.StatefulSets.Reconciliation.Tests.Pods;

/// <summary>https://kubernetes.io/docs/concepts/workloads/pods/init-containers and sidecar-containers, where they really run.</summary>
public sealed class RealInitContainerTests
{
    // "Init containers always run to completion. Each init container must complete successfully before the next one starts."
    [Fact]
    public void Init_containers_run_one_after_another_for_as_long_as_the_runtime_says()
    {
        var runtime = new WalkedRuntime("one", "two") { AfterStart = { ["one"] = (TimeSpan.FromSeconds(4), Ends(0)), ["two"] = (TimeSpan.FromSeconds(2), Ends(0)) } };
        var walk = Walk(runtime, Pod("Always", SamplePods.Init("one"), SamplePods.Init("two")), seconds: 30);

        Assert.Equal(["Start one#0 +0s", "Start two#0 +4s"], runtime.Asked);
        Assert.Equal(
            [
                "Pending ready=False [one:PodInitializing two:PodInitializing nginx:PodInitializing] ip=-",
                "Pending ready=False [one:Running two:PodInitializing nginx:PodInitializing] ip=10.244.0.2",
                "Pending ready=False [one:Completed+ two:PodInitializing nginx:PodInitializing] ip=10.244.0.2",
                "Pending ready=False [one:Completed+ two:Running nginx:PodInitializing] ip=10.244.0.2",
                "Pending ready=False [one:Completed+ two:Completed+ nginx:PodInitializing] ip=10.244.0.2",
                "Running ready=True [one:Completed+ two:Completed+ nginx:Running+] ip=10.244.0.2",
            ],
            walk.Watch);
    }

    // "If a Pod's init container fails, the kubelet repeatedly restarts that init container until it succeeds."
    [Fact]
    public void One_that_fails_is_started_again_until_it_succeeds()
    {
        var runtime = new WalkedRuntime("one") { OnStart = (run, _) => run with { Exit = new ContainerExit(run.Restarts < 2 ? 1 : 0) } };
        var walk = Walk(runtime, Pod("Always", SamplePods.Init("one")), seconds: 60);

        Assert.Equal(["Start one#0 +0s", "Start one#1 +0s", "Start one#2 +10s"], runtime.Asked);
        Assert.Equal("Running ready=True [one:Completed+ nginx:Running+] ip=10.244.0.2", walk.Watch[^1]);
    }

    // "However, if the Pod has a restartPolicy of Never, and an init container fails during startup of that Pod, Kubernetes treats the overall Pod as failed."
    [Fact]
    public void One_that_fails_under_Never_fails_the_pod_once_its_sidecars_have_ended()
    {
        var runtime = new WalkedRuntime("side", "one")
        {
            AfterStart = { ["one"] = (TimeSpan.FromSeconds(1), Ends(7)) },
            OnStop = { ["side"] = (TimeSpan.FromSeconds(2), 0) },
        };
        var walk = Walk(runtime, Pod("Never", SamplePods.Init("side", sidecar: true), SamplePods.Init("one")), seconds: 60);

        Assert.Equal(["Start side#0 +0s", "Start one#0 +0s", "Stop side#0 +1s"], runtime.Asked);
        Assert.Equal("Pending ready=False [side:Running+ one:Error nginx:PodInitializing] ip=10.244.0.2", walk.Watch[^2]);
        Assert.Equal("Failed ready=False [side:Completed one:Error nginx:PodInitializing] ip=10.244.0.2", walk.Watch[^1]);
    }

    // "After a sidecar-style init container is running (the kubelet has set the started status for that init container to true), the kubelet then starts the
    // next init container … That status either becomes true because there is a process running in the container and no startup probe defined, or as a result
    // of its startupProbe succeeding."
    [Fact]
    public void The_next_begins_when_a_sidecar_has_started()
    {
        var runtime = new WalkedRuntime("side")
        {
            OnStart = (run, _) => run with { Started = false, Ready = false },
            AfterStart = { ["side"] = (TimeSpan.FromSeconds(5), run => run with { Started = true, Ready = true }) },
        };
        var walk = Walk(runtime, Pod("Always", SamplePods.Init("side", sidecar: true)), seconds: 30);

        Assert.Equal(
            [
                "Pending ready=False [side:PodInitializing nginx:PodInitializing] ip=-",
                "Pending ready=False [side:Running nginx:PodInitializing] ip=10.244.0.2",
                "Pending ready=False [side:Running+ nginx:PodInitializing] ip=10.244.0.2",
                "Running ready=True [side:Running+ nginx:Running+] ip=10.244.0.2",
            ],
            walk.Watch);
    }

    // "If an init container is created with its restartPolicy set to Always, it will start and remain running during the entire life of the Pod."
    [Fact]
    public void A_sidecar_that_ends_while_a_later_init_container_runs_is_started_again()
    {
        var runtime = new WalkedRuntime("side", "one")
        {
            AfterStart = { ["one"] = (TimeSpan.FromSeconds(20), Ends(0)) },
        };
        var walk = Walk(runtime, Pod("Never", SamplePods.Init("side", sidecar: true), SamplePods.Init("one")), seconds: 1);
        runtime.Ends("side", 1);
        walk.Until = PodWalk.Start.AddSeconds(10);
        walk.Run();

        Assert.Equal(["Start side#0 +0s", "Start one#0 +0s", "Start side#1 +1s"], runtime.Asked);
        Assert.Equal("Pending ready=False [side:Running+ one:Running nginx:PodInitializing] ip=10.244.0.2", walk.Watch[^1]);
    }

    // "the readiness probe's result will be used to determine the ready state of the Pod".
    [Fact]
    public void A_sidecar_that_is_not_ready_keeps_the_pod_from_being_ready()
    {
        var walk = Walk(new WalkedRuntime("side") { OnStart = (run, _) => run with { Ready = false } }, Pod("Always", SamplePods.Init("side", sidecar: true)), seconds: 30);
        Assert.Equal("Running ready=False [side:Running nginx:Running+] ip=10.244.0.2", walk.Watch[^1]);
        Assert.Equal("containers with unready status: [side]", PodReadiness.Condition(walk.Pod, "ContainersReady")!.Message);

        walk.Runtime.Change("side", run => run with { Ready = true });
        Assert.Equal("Running ready=True [side:Running+ nginx:Running+] ip=10.244.0.2", walk.Run().Watch[^1]);
    }

    // pkg/api/v1/pod: of the init containers only the restartable ones count for ContainersReady.
    [Fact]
    public void An_init_container_that_runs_is_not_named_among_the_unready()
    {
        var walk = Walk(new WalkedRuntime("one"), Pod("Always", SamplePods.Init("one")), seconds: 1);
        Assert.Equal("containers with unready status: [nginx]", PodReadiness.Condition(walk.Pod, "ContainersReady")!.Message);
        Assert.Equal("containers with incomplete status: [one]", PodReadiness.Condition(walk.Pod, "Initialized")!.Message);
    }

    // "For a Job with sidecars …: sidecar containers do not prevent the Pod from completing".
    [Theory]
    [InlineData(0, "Succeeded")]
    [InlineData(5, "Failed")]
    public void When_the_others_are_done_the_sidecars_are_asked_to_end_and_the_pod_is_over_when_they_have(int code, string phase)
    {
        var runtime = new WalkedRuntime("side", "nginx")
        {
            AfterStart = { ["nginx"] = (TimeSpan.FromSeconds(3), Ends(code)) },
            OnStop = { ["side"] = (TimeSpan.FromSeconds(2), 143) },
        };
        var walk = Walk(runtime, Pod("Never", SamplePods.Init("side", sidecar: true)), seconds: 60);

        Assert.Equal(["Start side#0 +0s", "Start nginx#0 +0s", "Stop side#0 +3s"], runtime.Asked);
        var ended = code == 0 ? "Completed" : "Error";
        Assert.Equal($"Running ready=False [side:Running+ nginx:{ended}] ip=10.244.0.2", walk.Watch[^2]);
        Assert.Equal($"{phase} ready=False [side:Error nginx:{ended}] ip=10.244.0.2", walk.Watch[^1]);
    }

    private static Func<ContainerRun, ContainerRun> Ends(int code) => run => run with { Exit = new ContainerExit(code) };

    private static V1Pod Pod(string policy, params V1Container[] inits) =>
        SamplePods.WithInits(SamplePods.Bound() with { Spec = SamplePods.Bound().Spec with { RestartPolicy = policy } }, inits);

    private static PodWalk Walk(WalkedRuntime runtime, V1Pod pod, double seconds) =>
        new PodWalk(pod, PodLatencies.None) { Runtime = runtime, Until = PodWalk.Start.AddSeconds(seconds) }.Run();
}
