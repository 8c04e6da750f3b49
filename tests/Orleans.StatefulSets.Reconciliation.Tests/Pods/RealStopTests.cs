using k8s.Models;
using Orleans.StatefulSets.Reconciliation.Pods;

namespace Orleans.StatefulSets.Reconciliation.Tests.Pods;

/// <summary>https://kubernetes.io/docs/concepts/workloads/pods/pod-lifecycle/#pod-termination, where containers really run.</summary>
public sealed class RealStopTests
{
    // "The kubelet triggers the container runtime to send a TERM signal to process 1 inside each container."
    [Fact]
    public void A_container_is_asked_to_end_once_and_its_exit_code_is_kept()
    {
        var walk = Stop(new WalkedRuntime("nginx") { OnStop = { ["nginx"] = (TimeSpan.FromSeconds(2), 143) } });

        Assert.Equal(["Start nginx#0 +0s", "Stop nginx#0 +0s"], walk.Runtime.Asked);
        Assert.Equal(
            ["Failed ready=False [nginx:Error] ip=10.244.0.2 grace=30", "Failed ready=False [nginx:Error] ip=10.244.0.2 grace=0"],
            walk.Watch[^2..]);
        Assert.Equal(143, ExitCode(walk, "nginx"));
        Assert.Equal(PodWalk.Start.AddSeconds(2), walk.Now);
        Assert.Single(walk.Events, told => told is { Reason: "Killing", Message: "Stopping container nginx" });
    }

    [Fact]
    public void One_that_ends_well_in_time_leaves_a_pod_that_Succeeded() =>
        Assert.StartsWith("Succeeded", Stop(new WalkedRuntime("nginx") { OnStop = { ["nginx"] = (TimeSpan.Zero, 0) } }).Watch[^1], StringComparison.Ordinal);

    // "When the grace period expires, the kubelet triggers forcible shutdown. The container runtime sends SIGKILL to any processes still running".
    [Fact]
    public void One_that_does_not_hear_it_is_killed_once_when_the_grace_period_is_over()
    {
        var walk = Stop(new WalkedRuntime("nginx"), graceSeconds: 5);

        Assert.Equal(["Start nginx#0 +0s", "Stop nginx#0 +0s", "Kill nginx#0 +4s"], walk.Runtime.Asked);
        Assert.Equal(137, ExitCode(walk, "nginx"));
        Assert.True(walk.IsRemoved);
    }

    [Fact]
    public void A_second_request_with_less_grace_brings_the_kill_forward()
    {
        var walk = Walk(new WalkedRuntime("nginx")).Delete(graceSeconds: 60);
        walk.Until = PodWalk.Start.AddSeconds(3);
        walk.Run().Delete(graceSeconds: 2);
        walk.Until = DateTime.MaxValue;
        walk.Run();

        Assert.Equal(["Start nginx#0 +0s", "Stop nginx#0 +0s", "Kill nginx#0 +4s"], walk.Runtime.Asked);
    }

    [Fact]
    public void One_that_is_being_ended_already_is_not_asked_again()
    {
        var walk = Walk(new WalkedRuntime("nginx"));
        walk.Runtime.Change("nginx", run => run with { IsStopping = true });
        walk.Delete(graceSeconds: 5).Run();

        Assert.Equal(["Start nginx#0 +0s", "Kill nginx#0 +4s"], walk.Runtime.Asked);
    }

    [Fact]
    public void A_pod_of_containers_that_run_and_such_as_are_known_ends_when_the_last_of_them_has_ended()
    {
        var runtime = new WalkedRuntime("nginx") { OnStop = { ["nginx"] = (TimeSpan.FromSeconds(7), 3) } };
        var walk = Walk(runtime, With("sh", "-c", "true; sleep 1d")).Delete().Run();

        Assert.Equal((3, 137), (ExitCode(walk, "nginx"), ExitCode(walk, "helper")));
        Assert.Equal(PodWalk.Start.AddSeconds(29.1), walk.Now);

        var quick = Walk(new WalkedRuntime("nginx") { OnStop = { ["nginx"] = (TimeSpan.FromSeconds(7), 3) } }, With()).Delete().Run();
        Assert.Equal((3, 0), (ExitCode(quick, "nginx"), ExitCode(quick, "helper")));
        Assert.Equal(PodWalk.Start.AddSeconds(7), quick.Now);
    }

    [Fact]
    public void One_that_ended_before_the_others_keeps_its_own_code()
    {
        var runtime = new WalkedRuntime("nginx", "helper") { OnStop = { ["nginx"] = (TimeSpan.FromSeconds(1), 1), ["helper"] = (TimeSpan.FromSeconds(3), 0) } };
        var walk = Walk(runtime, With()).Delete().Run();

        Assert.Equal((1, 0), (ExitCode(walk, "nginx"), ExitCode(walk, "helper")));
        Assert.Equal(["Start nginx#0 +0s", "Start helper#0 +0s", "Stop nginx#0 +0s", "Stop helper#0 +0s"], runtime.Asked);
    }

    [Fact]
    public void What_the_runtime_lost_while_it_was_asked_to_end_counts_as_killed()
    {
        var walk = Walk(new WalkedRuntime("nginx")).Delete();
        walk.Until = PodWalk.Start.AddSeconds(1);
        walk.Run();
        walk.Runtime.Runs.Clear();
        walk.Restart();
        walk.Run();

        Assert.True(walk.IsRemoved);
        Assert.Equal(137, ExitCode(walk, "nginx"));
    }

    // "If your Pod includes one or more sidecar containers …, the kubelet will delay sending the TERM signal to these sidecar containers until the last
    // main container has fully terminated. The sidecar containers will be terminated in the reverse order they are defined in the Pod spec."
    [Fact]
    public void Sidecars_are_asked_after_the_others_and_against_their_order()
    {
        var runtime = new WalkedRuntime("nginx", "first", "second")
        {
            OnStop = { ["nginx"] = (TimeSpan.FromSeconds(3), 0), ["first"] = (TimeSpan.FromSeconds(2), 0), ["second"] = (TimeSpan.FromSeconds(1), 0) },
        };
        var walk = Walk(runtime, SamplePods.WithInits(SamplePods.Bound(), SamplePods.Init("first", sidecar: true), SamplePods.Init("second", sidecar: true)));
        walk.Delete().Run();

        Assert.Equal(["Stop nginx#0 +0s", "Stop second#0 +3s", "Stop first#0 +4s"], runtime.Asked[3..]);
        Assert.Equal(PodWalk.Start.AddSeconds(6), walk.Now);
        Assert.Equal(["nginx", "second", "first"], walk.Events.Where(told => told.Reason == "Killing").Select(told => told.Message["Stopping container ".Length..]));
    }

    // "If the Pod termination grace period expires before …, SIGKILL".
    [Fact]
    public void Sidecars_are_killed_with_the_rest_when_the_grace_period_is_over()
    {
        var walk = Walk(new WalkedRuntime("nginx", "side"), SamplePods.WithInits(SamplePods.Bound(), SamplePods.Init("side", sidecar: true)));
        walk.Delete(graceSeconds: 5).Run();

        Assert.Equal(["Stop nginx#0 +0s", "Kill side#0 +4s", "Kill nginx#0 +4s"], walk.Runtime.Asked[2..]);
    }

    [Theory]
    [InlineData("sleep|1d", 137, 29.1)]
    [InlineData("sh|-c|sleep 1d", 137, 29.1)]
    [InlineData("sleep|10", 0, 9.1)]
    [InlineData("sh|-c|sleep 10; exit 4", 4, 9.1)]
    public void What_has_no_handler_for_TERM_does_not_hear_it_as_a_first_process(string command, int code, double seconds)
    {
        var pod = SamplePods.Bound();
        pod = pod with { Spec = pod.Spec with { Containers = [pod.Spec.Containers[0] with { Command = command.Split('|') }] } };
        var walk = Walk(new WalkedRuntime(), pod).Delete().Run();

        Assert.Equal((code, seconds), (ExitCode(walk, "nginx"), Math.Round((walk.Now - PodWalk.Start).TotalSeconds, 1)));
    }

    private static int? ExitCode(PodWalk walk, string name) => walk.Pod.Status.ContainerStatuses.First(status => status.Name == name).State.Terminated?.ExitCode;

    private static PodWalk Stop(WalkedRuntime runtime, int graceSeconds = 30) => Walk(runtime).Delete(graceSeconds).Run();

    private static PodWalk Walk(WalkedRuntime runtime, V1Pod? pod = null)
    {
        var walk = new PodWalk(pod ?? SamplePods.Bound(), PodLatencies.None) { Runtime = runtime, Until = PodWalk.Start }.Run();
        walk.Until = DateTime.MaxValue;
        return walk;
    }

    private static V1Pod With(params string[] command)
    {
        var pod = SamplePods.Bound();
        var helper = new V1Container { Name = "helper", Image = "registry.k8s.io/pause:3.9", ImagePullPolicy = "IfNotPresent", Command = command };
        return pod with { Spec = pod.Spec with { Containers = [.. pod.Spec.Containers, helper] } };
    }
}
