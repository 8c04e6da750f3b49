using k8s.Models;
using Orleans.StatefulSets.Reconciliation.Pods;

namespace Orleans.StatefulSets.Reconciliation.Tests.Pods;

/// <summary>Containers that a runtime really runs: the kubelet says of them what the runtime says.</summary>
public sealed class RealContainerTests
{
    [Fact]
    public void The_runtime_makes_a_container_before_anybody_hears_that_it_runs()
    {
        var walk = Walk(new WalkedRuntime("nginx") { OnStart = (run, _) => run with { IsStarting = true } });

        Assert.Equal(["Start nginx#0 +0s"], walk.Runtime.Asked);
        Assert.Equal(["Pending ready=False [nginx:ContainerCreating] ip=-"], walk.Watch);
        Assert.DoesNotContain(walk.Events, told => told.Reason == "Started");

        walk.Runtime.Change("nginx", run => run with { IsStarting = false });
        walk.Run();
        Assert.Equal(["Start nginx#0 +0s"], walk.Runtime.Asked);
        Assert.Equal("Running ready=True [nginx:Running+] ip=10.244.0.2", walk.Watch[^1]);
        Assert.Equal(["Pulled", "Created", "Started"], walk.Events.Select(told => told.Reason));
    }

    // "The Kubernetes management of the container blocks until the postStart handler completes."
    // https://kubernetes.io/docs/tasks/configure-pod-container/attach-handler-lifecycle-event/
    [Fact]
    public void The_containers_of_a_pod_wait_for_the_one_that_is_being_made_and_are_told_of_together()
    {
        var pod = With(SamplePods.Bound(), "helper");
        var walk = Walk(new WalkedRuntime("nginx") { OnStart = (run, _) => run with { IsStarting = true } }, pod);
        Assert.Equal(["Pending ready=False [nginx:ContainerCreating helper:ContainerCreating] ip=-"], walk.Watch);

        walk.Runtime.Change("nginx", run => run with { IsStarting = false });
        Assert.Equal("Running ready=True [nginx:Running+ helper:Running+] ip=10.244.0.2", walk.Run().Watch[1]);
    }

    [Fact]
    public void A_container_that_ends_at_once_is_seen_to_run_and_then_as_it_ended()
    {
        var walk = Walk(new WalkedRuntime("nginx") { OnStart = (run, _) => run with { Exit = new ContainerExit(3, "no such table") } }, Policy("Never"));

        Assert.Equal(
            [
                "Pending ready=False [nginx:ContainerCreating] ip=-",
                "Running ready=True [nginx:Running+] ip=10.244.0.2",
                "Failed ready=False [nginx:Error] ip=10.244.0.2",
            ],
            walk.Watch);
        var ended = walk.Pod.Status.ContainerStatuses[0].State.Terminated;
        Assert.Equal((3, "Error", "no such table"), (ended.ExitCode, ended.Reason, ended.Message));
        Assert.Equal(["Start nginx#0 +0s"], walk.Runtime.Asked);
    }

    [Fact]
    public void A_program_that_could_not_be_started_is_a_StartError()
    {
        var exit = new ContainerExit(128, "exec: \"nosuch\": executable file not found in $PATH", NeverStarted: true);
        var walk = Walk(new WalkedRuntime("nginx") { OnStart = (run, _) => run with { Exit = exit } }, Policy("Never"));

        var ended = walk.Pod.Status.ContainerStatuses[0].State.Terminated;
        Assert.Equal((128, "StartError", exit.Message), (ended.ExitCode, ended.Reason, ended.Message));
    }

    [Fact]
    public void One_that_ends_again_and_again_is_started_by_the_runtime_after_10_20_and_40_seconds()
    {
        var walk = new PodWalk(SamplePods.Bound(), PodLatencies.None)
        {
            Runtime = new WalkedRuntime("nginx") { OnStart = (run, _) => run with { Exit = new ContainerExit(1) } },
            Until = PodWalk.Start.AddSeconds(75),
        }.Run();

        Assert.Equal(["Start nginx#0 +0s", "Start nginx#1 +0s", "Start nginx#2 +10s", "Start nginx#3 +30s", "Start nginx#4 +70s"], walk.Runtime.Asked);
        Assert.Equal("Running ready=False [nginx:CrashLoopBackOff] ip=10.244.0.2 restarts=4", walk.Watch[^1]);
    }

    // pkg/kubelet/kuberuntime: ErrCreateContainerConfig; the pod worker looks again after its back-off period of 10 s.
    [Fact]
    public void What_can_not_be_made_waits_with_CreateContainerConfigError_and_is_tried_again_after_ten_seconds()
    {
        var runtime = new WalkedRuntime("nginx");
        runtime.OnStart = Fails("configmap \"settings\" not found");
        var walk = Walk(runtime, seconds: 25);

        Assert.Equal(["Start nginx#0 +0s", "Start nginx#0 +10s", "Start nginx#0 +20s"], runtime.Asked);
        Assert.Equal(["Pending ready=False [nginx:ContainerCreating] ip=-", "Pending ready=False [nginx:CreateContainerConfigError] ip=10.244.0.2"], walk.Watch);
        Assert.Equal("configmap \"settings\" not found", walk.Pod.Status.ContainerStatuses[0].State.Waiting.Message);
        Assert.Equal(("Warning", "Failed", "Error: configmap \"settings\" not found"), (walk.Events[^1].Type, walk.Events[^1].Reason, walk.Events[^1].Message));

        runtime.OnStart = (run, _) => run;
        walk.Until = PodWalk.Start.AddSeconds(31);
        Assert.Equal("Running ready=True [nginx:Running+] ip=10.244.0.2", walk.Run().Watch[^1]);
    }

    [Fact]
    public void One_that_can_not_be_made_does_not_keep_the_others_from_running()
    {
        var runtime = new WalkedRuntime("nginx");
        runtime.OnStart = Fails("secret \"key\" not found");
        var walk = Walk(runtime, With(SamplePods.Bound(), "helper"), seconds: 5);
        Assert.Equal("Pending ready=False [nginx:CreateContainerConfigError helper:Running+] ip=10.244.0.2", walk.Watch[^1]);
        Assert.Equal("containers with unready status: [nginx]", PodReadiness.Condition(walk.Pod, "Ready")!.Message);

        runtime.OnStart = (run, _) => run;
        walk.Until = PodWalk.Start.AddSeconds(11);
        Assert.Equal("Running ready=True [nginx:Running+ helper:Running+] ip=10.244.0.2", walk.Run().Watch[^1]);
        Assert.Single(walk.Events, told => told.Message == "Started container helper");
    }

    [Fact]
    public void One_that_can_not_be_made_again_after_it_ended_keeps_how_it_ended_and_is_tried_again()
    {
        var runtime = new WalkedRuntime("nginx");
        var walk = Walk(runtime);
        runtime.OnStart = Fails("configmap \"settings\" not found");
        runtime.Ends("nginx", 4);
        walk.Until = PodWalk.Start.AddSeconds(15);
        walk.Run();

        Assert.Equal("Running ready=False [nginx:CreateContainerConfigError] ip=10.244.0.2", walk.Watch[^1]);
        Assert.Equal(4, walk.Pod.Status.ContainerStatuses[0].LastState.Terminated.ExitCode);
        Assert.Equal(["Start nginx#0 +0s", "Start nginx#1 +0s", "Start nginx#1 +10s"], runtime.Asked);

        runtime.OnStart = (run, _) => run;
        walk.Until = PodWalk.Start.AddSeconds(30);
        walk.Run();
        Assert.Equal("Running ready=True [nginx:Running+] ip=10.244.0.2 restarts=1", walk.Watch[^1]);
        Assert.Equal(4, walk.Pod.Status.ContainerStatuses[0].LastState.Terminated.ExitCode);
    }

    [Fact]
    public void A_runtime_that_lost_a_container_lets_it_be_seen_as_Unknown_255_and_starts_it_again()
    {
        var walk = Walk(new WalkedRuntime("nginx"));
        walk.Runtime.Runs.Clear();
        walk.Restart();
        walk.Until = PodWalk.Start.AddSeconds(5);
        walk.Run();

        Assert.Equal(["Running ready=False [nginx:Unknown] ip=10.244.0.2", "Running ready=True [nginx:Running+] ip=10.244.0.2 restarts=1"], walk.Watch[^2..]);
        Assert.Equal(255, walk.Pod.Status.ContainerStatuses[0].LastState.Terminated.ExitCode);
        Assert.Equal(["Start nginx#0 +0s", "Start nginx#1 +0s"], walk.Runtime.Asked);
    }

    [Fact]
    public void A_runtime_that_lost_what_it_was_making_is_asked_anew()
    {
        var walk = Walk(new WalkedRuntime("nginx") { OnStart = (run, _) => run with { IsStarting = true } });
        walk.Runtime.Runs.Clear();
        walk.Runtime.OnStart = (run, _) => run;
        walk.Restart();

        Assert.Equal("Running ready=True [nginx:Running+] ip=10.244.0.2", walk.Run().Watch[^1]);
        Assert.Equal(["Start nginx#0 +0s", "Start nginx#0 +0s"], walk.Runtime.Asked);
    }

    private static Func<ContainerRun, DateTime, ContainerRun> Fails(string message) =>
        (run, now) => run with { Problem = "CreateContainerConfigError", ProblemMessage = message, ProblemAt = now };

    private static PodWalk Walk(WalkedRuntime runtime, V1Pod? pod = null, double seconds = 0) =>
        new PodWalk(pod ?? SamplePods.Bound(), PodLatencies.None) { Runtime = runtime, Until = PodWalk.Start.AddSeconds(seconds) }.Run();

    private static V1Pod Policy(string restarts) => SamplePods.Bound() with { Spec = SamplePods.Bound().Spec with { RestartPolicy = restarts } };

    private static V1Pod With(V1Pod pod, string name) => pod with
    {
        Spec = pod.Spec with { Containers = [.. pod.Spec.Containers, new V1Container { Name = name, Image = "registry.k8s.io/pause:3.9", ImagePullPolicy = "IfNotPresent" }] },
    };
}
