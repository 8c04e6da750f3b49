using k8s.Models;
using Orleans.StatefulSets.Reconciliation.Pods;

namespace Orleans.StatefulSets.Reconciliation.Tests.Pods;

/// <summary>What a container's probes say, in its status and in the pod's conditions.</summary>
public sealed class ProbedContainerTests
{
    // "A Pod is considered ready when all of its containers are ready."
    [Fact]
    public void A_container_that_is_not_ready_yet_runs_and_the_pod_is_not_ready_until_it_is()
    {
        var walk = Walk(run => run with { Ready = false });
        Assert.Equal("Running ready=False [nginx:Running] ip=10.244.0.2", walk.Watch[^1]);
        Assert.Equal(
            ("False", "ContainersNotReady", "containers with unready status: [nginx]"),
            (Ready(walk).Status, Ready(walk).Reason, Ready(walk).Message));
        Assert.True(walk.Pod.Status.ContainerStatuses[0].Started);

        walk.Now = walk.Now.AddSeconds(10);
        walk.Runtime.Change("nginx", run => run with { Ready = true });
        Assert.Equal("Running ready=True [nginx:Running+] ip=10.244.0.2", walk.Run().Watch[^1]);
        Assert.Equal(("True", new DateTime(2025, 6, 1, 12, 0, 10, DateTimeKind.Utc)), (Ready(walk).Status, Ready(walk).LastTransitionTime));
    }

    [Fact]
    public void One_that_was_ready_and_fails_its_probe_is_not_ready_and_is_not_started_again()
    {
        var walk = Walk(run => run);
        walk.Runtime.Change("nginx", run => run with { Ready = false });
        Assert.Equal("Running ready=False [nginx:Running] ip=10.244.0.2", walk.Run().Watch[^1]);
        Assert.Equal(["Start nginx#0 +0s"], walk.Runtime.Asked);
    }

    // "started: Specifies whether the container has finished its postStart lifecycle hook and passed its startup probe … Is always true when no startupProbe is defined."
    [Fact]
    public void One_that_has_not_started_says_so_and_is_not_ready()
    {
        var walk = Walk(run => run with { Started = false, Ready = false });
        Assert.Equal((false, false), (walk.Pod.Status.ContainerStatuses[0].Started, walk.Pod.Status.ContainerStatuses[0].Ready));

        walk.Runtime.Change("nginx", run => run with { Started = true });
        walk.Run();
        Assert.Equal((true, false), (walk.Pod.Status.ContainerStatuses[0].Started, walk.Pod.Status.ContainerStatuses[0].Ready));
    }

    [Fact]
    public void One_that_ended_is_neither()
    {
        var walk = Walk(run => run);
        walk.Runtime.Ends("nginx", 1);
        walk.Step();
        Assert.Equal((false, false), (walk.Pod.Status.ContainerStatuses[0].Started, walk.Pod.Status.ContainerStatuses[0].Ready));
    }

    [Fact]
    public void One_that_is_started_again_begins_not_ready_again()
    {
        var walk = Walk(run => run with { Ready = false });
        walk.Runtime.Change("nginx", run => run with { Ready = true });
        walk.Run();
        walk.Runtime.Ends("nginx", 137);
        walk.Until = walk.Now.AddSeconds(1);

        Assert.Equal("Running ready=False [nginx:Running] ip=10.244.0.2 restarts=1", walk.Run().Watch[^1]);
    }

    [Fact]
    public void News_that_changes_nothing_is_not_written()
    {
        var walk = Walk(run => run with { Ready = false });
        var written = walk.Watch.Count;
        walk.Runtime.Change("nginx", run => run with { IsStopping = true });

        Assert.Equal(written, walk.Run().Watch.Count);
    }

    private static V1PodCondition Ready(PodWalk walk) => PodReadiness.Condition(walk.Pod, "Ready")!;

    private static PodWalk Walk(Func<ContainerRun, ContainerRun> onStart) =>
        new PodWalk(SamplePods.Bound(), PodLatencies.None) { Runtime = new WalkedRuntime("nginx") { OnStart = (run, _) => onStart(run) } }.Run();
}
