using k8s.Models;
using Orleans.StatefulSets.Reconciliation.Pods;

namespace Orleans.StatefulSets.Reconciliation.Tests.Pods;

/// <summary>https://kubernetes.io/docs/concepts/workloads/pods/pod-lifecycle/#restart-policy</summary>
public sealed class ContainerRestartTests
{
    // "After containers in a Pod exit, the kubelet restarts them with an exponential backoff delay (10s, 20s, 40s, …), that is capped at 300 seconds (5 minutes)."
    [Fact]
    public void A_container_that_crashes_is_started_at_once_and_then_after_10_20_and_40_seconds_up_to_five_minutes()
    {
        var walk = Walk("Always", "exit 1", minutes: 25);

        var starts = walk.Events.Zip(walk.EventTimes).Where(told => told.First.Reason == "Started").Select(told => told.Second).ToList();
        Assert.Equal([0, 10, 20, 40, 80, 160, 300, 300], starts.Skip(1).Zip(starts, (next, last) => (int)(next - last).TotalSeconds).Take(8));
        Assert.Equal("Running", walk.Pod.Status.Phase);
        Assert.All(walk.Watch.Skip(1), line => Assert.StartsWith("Running", line, StringComparison.Ordinal));
    }

    [Fact]
    public void Error_and_CrashLoopBackOff_alternate_and_say_what_they_wait_for()
    {
        var walk = Walk("Always", "exit 1", minutes: 0.4);

        Assert.Equal(
            [
                "Pending ready=False [nginx:ContainerCreating] ip=-",
                "Running ready=True [nginx:Running+] ip=10.244.0.2",
                "Running ready=False [nginx:Error] ip=10.244.0.2",
                "Running ready=True [nginx:Running+] ip=10.244.0.2 restarts=1",
                "Running ready=False [nginx:Error] ip=10.244.0.2 restarts=1",
                "Running ready=False [nginx:CrashLoopBackOff] ip=10.244.0.2 restarts=1",
                "Running ready=True [nginx:Running+] ip=10.244.0.2 restarts=2",
                "Running ready=False [nginx:Error] ip=10.244.0.2 restarts=2",
                "Running ready=False [nginx:CrashLoopBackOff] ip=10.244.0.2 restarts=2",
            ],
            walk.Watch);
        var status = walk.Pod.Status.ContainerStatuses[0];
        Assert.Equal(($"back-off 20s restarting failed container=nginx pod=web-0_default({walk.Pod.Metadata.Uid})", 1), (status.State.Waiting.Message, status.LastState.Terminated.ExitCode));
        Assert.Contains(walk.Events, told => told is { Type: "Warning", Reason: "BackOff" }
            && told.Message == $"Back-off restarting failed container nginx in pod web-0_default({walk.Pod.Metadata.Uid})");
    }

    [Fact]
    public void A_container_that_is_killed_ends_with_137_and_is_started_again_as_any_other()
    {
        var walk = Walk("Always", "sleep infinity", minutes: 1);
        walk.Killed["nginx"] = 0;
        walk.Run();

        Assert.Equal(["Running ready=False [nginx:Error] ip=10.244.0.2", "Running ready=True [nginx:Running+] ip=10.244.0.2 restarts=1"], walk.Watch.TakeLast(2));
        Assert.Equal((137, "Error"), (walk.Pod.Status.ContainerStatuses[0].LastState.Terminated.ExitCode, walk.Pod.Status.ContainerStatuses[0].LastState.Terminated.Reason));
    }

    // "Once a container has executed for 10 minutes without any problems, the kubelet resets the restart backoff timer for that container."
    [Fact]
    public void Ten_good_minutes_begin_the_back_off_anew()
    {
        var walk = Walk("Always", "sleep 601; exit 1", minutes: 45);

        Assert.DoesNotContain(walk.Watch, line => line.Contains("CrashLoopBackOff", StringComparison.Ordinal));
        Assert.Equal(4, walk.Pod.Status.ContainerStatuses[0].RestartCount);
    }

    // "The restartPolicy … Always … OnFailure … Never"; "Succeeded: All containers in the Pod have terminated in success, and will not be restarted",
    // "Failed: All containers in the Pod have terminated, and at least one container has terminated in failure".
    [Theory]
    [InlineData("Never", "exit 0", "Succeeded", "PodCompleted")]
    [InlineData("Never", "exit 2", "Failed", "PodFailed")]
    [InlineData("OnFailure", "exit 0", "Succeeded", "PodCompleted")]
    [InlineData("OnFailure", "exit 2", "Running", "ContainersNotReady")]
    public void A_bare_pod_ends_as_its_restart_policy_has_it(string policy, string script, string phase, string reason)
    {
        var walk = Walk(policy, script, minutes: 0.1);

        Assert.Equal(phase, walk.Pod.Status.Phase);
        Assert.Equal(("False", reason), (Ready(walk)?.Status, Ready(walk)?.Reason));
    }

    [Fact]
    public void A_failing_init_container_keeps_the_pod_from_starting_and_under_Never_fails_it()
    {
        var looping = Walk(WithInit(Pod("Always", "sleep 1d"), "exit 1"), minutes: 0.2);
        Assert.Equal("Pending ready=False [prepare:CrashLoopBackOff nginx:PodInitializing] ip=10.244.0.2", looping.Watch[^1]);

        var failed = Walk(WithInit(Pod("Never", "sleep 1d"), "exit 1"), minutes: 1);
        Assert.Equal("Failed ready=False [prepare:Error nginx:PodInitializing] ip=10.244.0.2", failed.Watch[^1]);
    }

    [Fact]
    public void An_init_container_takes_its_time_and_the_pod_begins_after_it()
    {
        var walk = Walk(WithInit(Pod("Always", "sleep 1d"), "sleep 5"), minutes: 1);

        Assert.Equal(
            [
                "Pending ready=False [prepare:PodInitializing nginx:PodInitializing] ip=-",
                "Pending ready=False [prepare:Running nginx:PodInitializing] ip=10.244.0.2",
                "Pending ready=False [prepare:Completed+ nginx:PodInitializing] ip=10.244.0.2",
                "Running ready=True [prepare:Completed+ nginx:Running+] ip=10.244.0.2",
            ],
            walk.Watch);
    }

    [Fact]
    public void A_machine_that_came_up_again_starts_what_it_ran_anew_with_another_address()
    {
        var walk = Walk(Pod("Always", "sleep 30d"), minutes: 1);
        walk.BootedAt = walk.Now = new DateTime(2025, 6, 1, 12, 5, 0, DateTimeKind.Utc);
        walk.Until = walk.Now.AddMinutes(1);
        walk.Run();

        Assert.Equal(
            [
                "Running ready=False [nginx:Unknown] ip=10.244.0.2",
                "Running ready=True [nginx:Running+] ip=10.244.0.3 restarts=1",
            ],
            walk.Watch[^2..]);
        Assert.Equal(255, walk.Pod.Status.ContainerStatuses[0].LastState.Terminated.ExitCode);
        Assert.Contains(walk.Events, told => told.Reason == "SandboxChanged");
    }

    [Fact]
    public void A_pod_that_was_going_when_its_machine_went_off_is_gone_when_it_comes_back()
    {
        var walk = Walk(Pod("Always", "sleep 30d"), minutes: 1).Delete();
        walk.BootedAt = walk.Now = new DateTime(2025, 6, 1, 12, 1, 6, DateTimeKind.Utc);
        walk.Until = DateTime.MaxValue;
        walk.Run();

        Assert.True(walk.IsRemoved);
        Assert.Equal(walk.BootedAt, walk.Now);
        Assert.Equal(("Failed", 255), (walk.Pod.Status.Phase, walk.Pod.Status.ContainerStatuses[0].State.Terminated.ExitCode));
        Assert.DoesNotContain(walk.Events, told => told.Reason == "Killing");
    }

    [Fact]
    public void A_pod_that_is_deleted_while_it_waits_for_its_next_start_keeps_how_it_ended()
    {
        var walk = Walk("Always", "exit 3", minutes: 0.3).Delete();
        walk.Until = DateTime.MaxValue;
        walk.Run();

        Assert.True(walk.IsRemoved);
        Assert.Equal("Failed", walk.Pod.Status.Phase);
        Assert.Equal((3, "Error"), (walk.Pod.Status.ContainerStatuses[0].State.Terminated.ExitCode, walk.Pod.Status.ContainerStatuses[0].State.Terminated.Reason));
    }

    private static V1PodCondition? Ready(PodWalk walk) => PodReadiness.Condition(walk.Pod, "Ready");

    private static PodWalk Walk(string policy, string script, double minutes) => Walk(Pod(policy, script), minutes);

    private static PodWalk Walk(V1Pod pod, double minutes) => new PodWalk(pod, PodLatencies.None) { Until = PodWalk.Start.AddMinutes(minutes) }.Run();

    private static V1Pod Pod(string policy, string script)
    {
        var pod = SamplePods.Bound();
        return pod with
        {
            Spec = pod.Spec with { RestartPolicy = policy, Containers = [pod.Spec.Containers[0] with { Command = ["sh", "-c", script] }] },
        };
    }

    private static V1Pod WithInit(V1Pod pod, string script) => pod with
    {
        Spec = pod.Spec with { InitContainers = [new V1Container { Name = "prepare", Image = "busybox:1.36", Command = ["sh", "-c", script] }] },
    };
}
