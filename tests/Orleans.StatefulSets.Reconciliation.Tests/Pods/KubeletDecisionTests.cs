using k8s.Models;
using Orleans.StatefulSets.Reconciliation.Pods;

namespace Orleans.StatefulSets.Reconciliation.Tests.Pods;

/// <summary>"A pod's life as a watch shows it", rows 3 to 8.</summary>
public class KubeletDecisionTests
{
    public static TheoryData<string> BothLatencies => ["realistic", "none"];

    [Theory]
    [MemberData(nameof(BothLatencies))]
    public void A_pod_with_a_claim_is_written_in_the_order_of_the_watch_table(string latency)
    {
        var walk = new PodWalk(SamplePods.Bound(), Latencies(latency)).Run().Delete().Run();

        Assert.Equal(
            [
                "Pending ready=False [nginx:ContainerCreating] ip=-",
                "Running ready=True [nginx:Running+] ip=10.244.0.2",
                "Running ready=True [nginx:Running+] ip=10.244.0.2 grace=30",
                "Succeeded ready=False [nginx:Completed] ip=10.244.0.2 grace=30",
                "Succeeded ready=False [nginx:Completed] ip=10.244.0.2 grace=0",
            ],
            walk.Watch);
        Assert.True(walk.IsRemoved);
    }

    [Fact]
    public void A_start_takes_volume_image_and_container_to_the_tick_where_the_process_saw_the_beginning()
    {
        var walk = new PodWalk(SamplePods.Bound(), PodLatencies.Realistic) { ImagePresent = false }.Run();

        Assert.Equal(PodWalk.Start + TimeSpan.FromSeconds(1 + 2 + 1), walk.Now);
        Assert.Equal(TimeSpan.Zero, new PodWalk(SamplePods.Bound(), PodLatencies.None).Run().Now - PodWalk.Start);
    }

    [Fact]
    public void A_pod_without_claims_on_a_node_with_the_image_waits_only_for_its_containers()
    {
        var pod = SamplePods.Bound();
        var walk = new PodWalk(pod with { Spec = pod.Spec with { Volumes = null } }, PodLatencies.Realistic).Run();

        Assert.Equal(PodWalk.Start + TimeSpan.FromSeconds(1), walk.Now);
    }

    [Fact]
    public void Other_news_does_not_put_off_a_step_that_is_under_way()
    {
        var walk = new PodWalk(SamplePods.Bound(), PodLatencies.Realistic);
        Assert.True(walk.Step());
        walk.Now = PodWalk.Start.AddSeconds(0.5);
        walk.Store(walk.Pod with { Metadata = walk.Pod.Metadata with { Annotations = new Dictionary<string, string> { ["a"] = "b" } } });

        Assert.InRange(walk.Ask().DueAt!.Value, PodWalk.Start.AddSeconds(1), PodWalk.Start.AddSeconds(2));
    }

    [Fact]
    public void A_pod_whose_claims_are_not_ready_stays_in_ContainerCreating_until_they_are()
    {
        var walk = new PodWalk(SamplePods.Bound(), PodLatencies.None) { VolumesReady = false }.Run();
        Assert.Equal(["Pending ready=False [nginx:ContainerCreating] ip=-"], walk.Watch);

        walk.VolumesReady = true;
        Assert.EndsWith("ip=10.244.0.2", walk.Run().Watch[^1]);
    }

    [Fact]
    public void An_unbound_pod_is_nobodys()
    {
        var pod = SamplePods.Bound();
        Assert.Empty(new PodWalk(pod with { Spec = pod.Spec with { NodeName = null } }, PodLatencies.None).Run().Watch);
    }

    [Fact]
    public void The_first_status_has_the_five_conditions_in_upstreams_order_and_words()
    {
        var walk = new PodWalk(SamplePods.Bound(), PodLatencies.None);
        walk.Step();

        Assert.Equal(
            [
                "PodReadyToStartContainers=False  ",
                "Initialized=True  ",
                "Ready=False ContainersNotReady containers with unready status: [nginx]",
                "ContainersReady=False ContainersNotReady containers with unready status: [nginx]",
                "PodScheduled=True  ",
            ],
            Conditions(walk.Pod));
        Assert.Equal(new DateTime(2025, 6, 1, 12, 0, 0, DateTimeKind.Utc), walk.Pod.Status.StartTime);
        Assert.Equal(("192.168.49.2", "192.168.49.2"), (walk.Pod.Status.HostIP, walk.Pod.Status.HostIPs.Single().Ip));
        Assert.Equal("BestEffort", walk.Pod.Status.QosClass);
        Assert.Equal(new DateTime(2025, 6, 1, 11, 59, 59, DateTimeKind.Utc), PodReadiness.Condition(walk.Pod, "PodScheduled")!.LastTransitionTime);
    }

    [Fact]
    public void A_condition_keeps_its_transition_time_while_its_status_stays()
    {
        var walk = new PodWalk(SamplePods.Bound(), PodLatencies.Realistic).Run();
        var accepted = new DateTime(2025, 6, 1, 12, 0, 0, DateTimeKind.Utc);
        Assert.Equal(accepted, Transition("Initialized"));
        Assert.Equal(accepted.AddSeconds(2), Transition("Ready"));
        Assert.Equal(accepted.AddSeconds(2), Transition("PodReadyToStartContainers"));

        walk.Now = walk.Now.AddSeconds(60);
        walk.Delete().Run();
        Assert.Equal(accepted, Transition("Initialized"));
        Assert.Equal(accepted.AddSeconds(63), Transition("Ready"));

        DateTime? Transition(string type) => PodReadiness.Condition(walk.Pod, type)!.LastTransitionTime;
    }

    [Fact]
    public void A_running_container_names_its_id_image_and_mounts()
    {
        var pod = new PodWalk(SamplePods.Bound(), PodLatencies.None).Run().Pod;
        var container = pod.Status.ContainerStatuses.Single();

        Assert.Matches("^containerd://[0-9a-f]{64}$", container.ContainerID);
        Assert.Matches("^registry.k8s.io/nginx-slim@sha256:[0-9a-f]{64}$", container.ImageID);
        Assert.Equal("registry.k8s.io/nginx-slim:0.8", container.Image);
        Assert.True(container is { Ready: true, Started: true, RestartCount: 0 });
        Assert.Equal(("www", "/usr/share/nginx/html"), (container.VolumeMounts.Single().Name, container.VolumeMounts.Single().MountPath));
        Assert.Equal("10.244.0.2", pod.Status.PodIPs.Single().Ip);
        Assert.All(pod.Status.Conditions, condition => Assert.Equal("True", condition.Status));
    }

    [Fact]
    public void A_completed_pod_says_PodCompleted()
    {
        var pod = new PodWalk(SamplePods.Bound(), PodLatencies.Realistic).Run().Delete().Run().Pod;

        Assert.Equal(
            ["PodReadyToStartContainers=False  ", "Initialized=True PodCompleted ", "Ready=False PodCompleted ", "ContainersReady=False PodCompleted ", "PodScheduled=True  "],
            Conditions(pod));
        var ended = pod.Status.ContainerStatuses.Single();
        Assert.Equal((0, "Completed"), (ended.State.Terminated.ExitCode, ended.State.Terminated.Reason));
        Assert.Equal(ended.ContainerID, ended.State.Terminated.ContainerID);
        Assert.Equal(1, (ended.State.Terminated.FinishedAt - ended.State.Terminated.StartedAt)!.Value.TotalSeconds);
    }

    [Fact]
    public void A_container_that_outlives_the_grace_period_is_killed_at_its_end()
    {
        var walk = new PodWalk(SamplePods.Bound(), PodLatencies.None with { GracefulStop = TimeSpan.FromSeconds(60) }).Run();
        var asked = new DateTime(2025, 6, 1, 12, 0, 0, DateTimeKind.Utc);
        walk.Delete(graceSeconds: 5).Run();

        Assert.Equal(asked.AddSeconds(5), walk.Now);
        Assert.Equal("Failed ready=False [nginx:Error] ip=10.244.0.2 grace=5", walk.Watch[^2]);
        Assert.Equal(137, walk.Pod.Status.ContainerStatuses.Single().State.Terminated.ExitCode);
    }

    [Fact]
    public void A_pod_deleted_before_its_containers_started_fails_and_goes_at_once()
    {
        var walk = new PodWalk(SamplePods.Bound(), PodLatencies.Realistic);
        walk.Step();
        walk.Delete().Run();

        Assert.Equal(
            [
                "Pending ready=False [nginx:ContainerCreating] ip=-",
                "Pending ready=False [nginx:ContainerCreating] ip=- grace=30",
                "Failed ready=False [nginx:ContainerStatusUnknown] ip=- grace=30",
                "Failed ready=False [nginx:ContainerStatusUnknown] ip=- grace=0",
            ],
            walk.Watch);
        Assert.True(walk.IsRemoved);
        Assert.Equal(PodWalk.Start, walk.Now);
    }

    [Fact]
    public void A_pod_deleted_before_the_kubelet_saw_it_is_removed_all_the_same()
    {
        var walk = new PodWalk(SamplePods.Bound(), PodLatencies.Realistic).Delete().Run();

        Assert.True(walk.IsRemoved);
        Assert.Equal("Failed", walk.Pod.Status.Phase);
    }

    [Fact]
    public void A_pod_deleted_without_grace_is_removed_without_another_write()
    {
        var walk = new PodWalk(SamplePods.Bound(), PodLatencies.Realistic).Run().Delete(graceSeconds: 0);
        var written = walk.Watch.Count;

        Assert.True(walk.Run().IsRemoved);
        Assert.Equal(written, walk.Watch.Count);
    }

    [Fact]
    public void A_finalizer_keeps_the_finished_pod_until_it_goes()
    {
        var pod = SamplePods.Bound();
        var walk = new PodWalk(pod with { Metadata = pod.Metadata with { Finalizers = ["example.com/hold"] } }, PodLatencies.None).Run().Delete().Run();
        Assert.False(walk.IsRemoved);
        Assert.EndsWith("grace=0", walk.Watch[^1]);

        walk.Store(walk.Pod with { Metadata = walk.Pod.Metadata with { Finalizers = null } });
        Assert.True(walk.Run().IsRemoved);
    }

    [Theory]
    [MemberData(nameof(BothLatencies))]
    public void Init_containers_run_one_after_another_and_a_sidecar_stays(string latency)
    {
        var pod = SamplePods.WithInits(SamplePods.Bound(), SamplePods.Init("one"), SamplePods.Init("side", sidecar: true), SamplePods.Init("two"));
        var walk = new PodWalk(pod, Latencies(latency)).Run().Delete().Run();

        Assert.Equal(
            [
                "Pending ready=False [one:PodInitializing side:PodInitializing two:PodInitializing nginx:PodInitializing] ip=-",
                "Pending ready=False [one:Completed+ side:PodInitializing two:PodInitializing nginx:PodInitializing] ip=10.244.0.2",
                "Pending ready=False [one:Completed+ side:Running+ two:PodInitializing nginx:PodInitializing] ip=10.244.0.2",
                "Pending ready=False [one:Completed+ side:Running+ two:Completed+ nginx:PodInitializing] ip=10.244.0.2",
                "Running ready=True [one:Completed+ side:Running+ two:Completed+ nginx:Running+] ip=10.244.0.2",
                "Running ready=True [one:Completed+ side:Running+ two:Completed+ nginx:Running+] ip=10.244.0.2 grace=30",
                "Succeeded ready=False [one:Completed+ side:Completed two:Completed+ nginx:Completed] ip=10.244.0.2 grace=30",
                "Succeeded ready=False [one:Completed+ side:Completed two:Completed+ nginx:Completed] ip=10.244.0.2 grace=0",
            ],
            walk.Watch);
        Assert.True(walk.IsRemoved);
    }

    [Fact]
    public void Waiting_init_containers_are_named_in_Initialized()
    {
        var walk = new PodWalk(SamplePods.WithInits(SamplePods.Bound(), SamplePods.Init("one"), SamplePods.Init("two")), PodLatencies.None);
        walk.Step();
        Assert.Contains("Initialized=False ContainersNotInitialized containers with incomplete status: [one two]", Conditions(walk.Pod));
        walk.Step();
        walk.Step();
        Assert.Contains("Initialized=False ContainersNotInitialized containers with incomplete status: [two]", Conditions(walk.Pod));
    }

    [Fact]
    public void A_readiness_gate_holds_Ready_back_until_its_condition_is_True_and_stays_where_its_owner_put_it()
    {
        var pod = SamplePods.Bound();
        pod = pod with { Spec = pod.Spec with { ReadinessGates = [new V1PodReadinessGate { ConditionType = "example.com/gate" }] } };
        var walk = new PodWalk(pod, PodLatencies.None).Run();
        Assert.Contains(
            "Ready=False ReadinessGatesNotReady corresponding condition of pod readiness gate \"example.com/gate\" does not exist.", Conditions(walk.Pod));

        Gate("False");
        Assert.Contains(
            "Ready=False ReadinessGatesNotReady the status of pod readiness gate \"example.com/gate\" is not \"True\", but False", Conditions(walk.Pod));

        Gate("True");
        Assert.True(PodReadiness.IsReady(walk.Pod));
        Assert.Equal("example.com/gate=True  ", Conditions(walk.Pod)[0]);

        void Gate(string status)
        {
            IEnumerable<V1PodCondition> others = walk.Pod.Status.Conditions.Where(condition => condition.Type != "example.com/gate");
            walk.Store(walk.Pod with
            {
                Status = walk.Pod.Status with { Conditions = [.. others, new V1PodCondition { Type = "example.com/gate", Status = status }] },
            });
            walk.Run();
        }
    }

    [Fact]
    public void A_pod_on_the_hosts_network_has_the_hosts_address()
    {
        var pod = SamplePods.Bound();
        var walk = new PodWalk(pod with { Spec = pod.Spec with { HostNetwork = true } }, PodLatencies.None).Run();

        Assert.All(walk.Watch, line => Assert.EndsWith("ip=192.168.49.2", line));
        Assert.Equal(2, walk.Watch.Count);
    }

    [Fact]
    public void A_refused_pod_fails_and_starts_nothing()
    {
        var walk = new PodWalk(SamplePods.Bound(), PodLatencies.None)
        {
            Refusal = new AdmissionRefusal("NodePorts", "Pod was rejected: Predicate NodePorts failed", "Predicate NodePorts failed"),
        }.Run();

        Assert.Equal(["Failed ready=False [] ip=-"], walk.Watch);
        Assert.Equal(("NodePorts", "Pod was rejected: Predicate NodePorts failed"), (walk.Pod.Status.Reason, walk.Pod.Status.Message));
        Assert.Equal(("Warning", "NodePorts"), (walk.Events.Single().Type, walk.Events.Single().Reason));
    }

    [Fact]
    public void A_pull_is_told_when_it_begins()
    {
        var latencies = PodLatencies.Realistic with { ImagePull = TimeSpan.FromSeconds(2), ContainerStart = TimeSpan.FromSeconds(1) };
        var walk = new PodWalk(SamplePods.Bound(), latencies) { ImagePresent = false }.Run();

        Assert.Equal(["Pulling", "Pulled", "Created", "Started"], walk.Events.Select(told => told.Reason));
        Assert.Equal([0d, 3, 3, 3], walk.EventTimes.Select(at => Math.Round((at - walk.EventTimes[0]).TotalSeconds, 3)));
    }

    [Fact]
    public void The_kubelet_tells_of_pull_creation_start_and_stop_once_each()
    {
        var latencies = PodLatencies.Realistic with { ImagePull = TimeSpan.FromMilliseconds(1200) };
        var walk = new PodWalk(SamplePods.Bound(), latencies) { ImagePresent = false }.Run().Delete().Run();

        Assert.Equal(["Pulling", "Pulled", "Created", "Started", "Killing"], walk.Events.Select(told => told.Reason));
        Assert.Equal("Pulling image \"registry.k8s.io/nginx-slim:0.8\"", walk.Events[0].Message);
        Assert.Matches(
            "^Successfully pulled image \"registry.k8s.io/nginx-slim:0.8\" in 1.2s \\(1.2s including waiting\\). Image size: [0-9]+ bytes.$",
            walk.Events[1].Message);
        Assert.Equal("Created container: nginx", walk.Events[2].Message);
        Assert.Equal("Started container nginx", walk.Events[3].Message);
        Assert.Equal("Stopping container nginx", walk.Events[4].Message);
        Assert.All(
            walk.Events,
            told => Assert.Equal(("kubelet", "node-1", "Normal", "spec.containers{nginx}"), (told.Component, told.Host, told.Type, told.FieldPath)));
    }

    [Fact]
    public void An_image_that_the_node_has_is_not_pulled()
    {
        var walk = new PodWalk(SamplePods.Bound(), PodLatencies.None).Run();
        Assert.Equal("Container image \"registry.k8s.io/nginx-slim:0.8\" already present on machine", walk.Events[0].Message);
    }

    private static PodLatencies Latencies(string name) => name == "none" ? PodLatencies.None : PodLatencies.Realistic;

    private static List<string> Conditions(V1Pod pod) =>
        [.. pod.Status.Conditions.Select(condition => $"{condition.Type}={condition.Status} {condition.Reason} {condition.Message}")];
}
