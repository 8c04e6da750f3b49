using k8s.Models;
using Orleans.StatefulSets.Reconciliation.Pods;

namespace Orleans.StatefulSets.Reconciliation.Tests.Pods;

/// <summary>https://kubernetes.io/docs/concepts/containers/images/#imagepullbackoff, <c>pkg/kubelet/images/image_manager.go</c></summary>
public sealed class ImagePullTests
{
    private static readonly ImageProblem NotFound = new("ErrImagePull", "rpc error: not found")
    {
        BackOffMessage = "Back-off pulling image \"x\": ErrImagePull: rpc error: not found",
        FailedEvent = "Failed to pull image \"x\": rpc error: not found",
    };

    // "The BackOff part indicates that Kubernetes will keep trying to pull the image, with an increasing back-off delay. Kubernetes raises the delay between
    // each attempt until it reaches a compiled-in limit, which is 300 seconds (5 minutes)."
    [Fact]
    public void A_pull_that_fails_is_tried_again_after_10_20_and_40_seconds_up_to_five_minutes()
    {
        var walk = Walk(NotFound, minutes: 25);

        var tries = walk.Events.Zip(walk.EventTimes).Where(told => told.First.Reason == "Pulling").Select(told => told.Second).ToList();
        Assert.Equal([10, 20, 40, 80, 160, 300, 300], tries.Skip(1).Zip(tries, (next, last) => (int)(next - last).TotalSeconds).Take(7));
    }

    [Fact]
    public void ErrImagePull_and_ImagePullBackOff_alternate()
    {
        var walk = Walk(NotFound, minutes: 0.45);

        Assert.Equal(
            [
                "Pending ready=False [nginx:ContainerCreating] ip=-",
                "Pending ready=False [nginx:ErrImagePull] ip=10.244.0.2",
                "Pending ready=False [nginx:ImagePullBackOff] ip=10.244.0.2",
                "Pending ready=False [nginx:ErrImagePull] ip=10.244.0.2",
                "Pending ready=False [nginx:ImagePullBackOff] ip=10.244.0.2",
            ],
            walk.Watch);
        Assert.Equal(NotFound.BackOffMessage, walk.Pod.Status.ContainerStatuses[0].State.Waiting.Message);
    }

    [Fact]
    public void Each_try_and_each_wait_is_told()
    {
        var walk = Walk(NotFound, minutes: 0.1);

        Assert.Equal(
            [
                "Normal Pulling Pulling image \"registry.k8s.io/nginx-slim:0.8\"",
                "Warning Failed Failed to pull image \"x\": rpc error: not found",
                "Warning Failed Error: ErrImagePull",
                "Normal BackOff Back-off pulling image \"registry.k8s.io/nginx-slim:0.8\"",
                "Warning Failed Error: ImagePullBackOff",
            ],
            walk.Events.Select(told => $"{told.Type} {told.Reason} {told.Message}"));
        Assert.All(walk.Events, told => Assert.Equal("spec.containers{nginx}", told.FieldPath));
    }

    [Fact]
    public void A_pull_that_was_told_when_it_began_is_not_told_again_when_it_fails()
    {
        var latencies = PodLatencies.None with { ImagePull = TimeSpan.FromSeconds(3) };
        var walk = new PodWalk(SamplePods.Bound(), latencies) { ImagePresent = false, Until = PodWalk.Start.AddSeconds(6), ImageProblems = { ["nginx"] = NotFound } }.Run();

        Assert.Equal(["Pulling", "Failed", "Failed", "BackOff", "Failed"], walk.Events.Select(told => told.Reason));
        Assert.Equal([0d, 3, 3, 5, 5], walk.EventTimes.Select(at => Math.Round((at - walk.EventTimes[0]).TotalSeconds)));
    }

    [Theory]
    [InlineData("InvalidImageName", "InspectFailed")]
    [InlineData("ErrImageNeverPull", "ErrImageNeverPull")]
    public void What_is_never_tried_waits_for_ever_and_says_why(string reason, string told)
    {
        var walk = Walk(new ImageProblem(reason, "that is why"), minutes: 30);

        Assert.Equal(["Pending ready=False [nginx:ContainerCreating] ip=-", $"Pending ready=False [nginx:{reason}] ip=10.244.0.2"], walk.Watch);
        Assert.Equal([$"Warning {told} that is why", $"Warning Failed Error: {reason}"], walk.Events.Select(one => $"{one.Type} {one.Reason} {one.Message}"));
        Assert.Equal("that is why", walk.Pod.Status.ContainerStatuses[0].State.Waiting.Message);
    }

    [Fact]
    public void An_image_that_can_be_had_at_last_runs()
    {
        var walk = Walk(NotFound, minutes: 0.1);
        walk.ImageProblems.Clear();
        walk.Until = DateTime.MaxValue;
        Assert.Equal("Running ready=True [nginx:Running+] ip=10.244.0.2", walk.Run().Watch[^1]);
    }

    [Fact]
    public void The_other_containers_of_the_pod_run_meanwhile()
    {
        var pod = SamplePods.Bound();
        var helper = new V1Container { Name = "helper", Image = "registry.k8s.io/pause:3.9", ImagePullPolicy = "IfNotPresent" };
        pod = pod with { Spec = pod.Spec with { Containers = [.. pod.Spec.Containers, helper] } };
        var walk = new PodWalk(pod, PodLatencies.None) { Until = PodWalk.Start.AddSeconds(11), ImageProblems = { ["nginx"] = NotFound }, Runtime = new WalkedRuntime("helper") }.Run();

        Assert.Equal(
            [
                "Pending ready=False [nginx:ContainerCreating helper:ContainerCreating] ip=-",
                "Pending ready=False [nginx:ErrImagePull helper:Running+] ip=10.244.0.2",
                "Pending ready=False [nginx:ImagePullBackOff helper:Running+] ip=10.244.0.2",
                "Pending ready=False [nginx:ErrImagePull helper:Running+] ip=10.244.0.2",
            ],
            walk.Watch);
    }

    [Fact]
    public void Two_images_that_can_not_be_had_wait_each_for_itself()
    {
        var pod = SamplePods.Bound();
        pod = pod with { Spec = pod.Spec with { Containers = [.. pod.Spec.Containers, new V1Container { Name = "helper", Image = "???", ImagePullPolicy = "IfNotPresent" }] } };
        var walk = new PodWalk(pod, PodLatencies.None)
        {
            Until = PodWalk.Start.AddSeconds(4),
            ImageProblems = { ["nginx"] = NotFound, ["helper"] = new ImageProblem("InvalidImageName", "no name") },
        }.Run();

        Assert.Equal("Pending ready=False [nginx:ImagePullBackOff helper:InvalidImageName] ip=10.244.0.2", walk.Watch[^1]);
    }

    [Fact]
    public void An_init_container_whose_image_can_not_be_had_holds_the_pod()
    {
        var walk = new PodWalk(SamplePods.WithInits(SamplePods.Bound(), SamplePods.Init("one")), PodLatencies.None)
        {
            Until = PodWalk.Start.AddSeconds(4),
            ImageProblems = { ["one"] = NotFound },
        }.Run();

        Assert.Equal("Pending ready=False [one:ImagePullBackOff nginx:PodInitializing] ip=10.244.0.2", walk.Watch[^1]);
        Assert.Equal("spec.initContainers{one}", walk.Events[^1].FieldPath);
    }

    // Only a container's first start needs its image from elsewhere.
    [Fact]
    public void A_container_that_ran_is_started_again_without_a_pull()
    {
        var pod = SamplePods.Bound();
        pod = pod with { Spec = pod.Spec with { Containers = [pod.Spec.Containers[0] with { Command = ["sh", "-c", "sleep 5; exit 1"] }] } };
        var walk = new PodWalk(pod, PodLatencies.None) { Until = PodWalk.Start.AddSeconds(1) }.Run();
        walk.ImageProblems["nginx"] = NotFound;
        walk.Until = PodWalk.Start.AddSeconds(6);

        Assert.Equal("Running ready=True [nginx:Running+] ip=10.244.0.2 restarts=1", walk.Run().Watch[^1]);
    }

    private static PodWalk Walk(ImageProblem problem, double minutes) =>
        new PodWalk(SamplePods.Bound(), PodLatencies.None) { Until = PodWalk.Start.AddMinutes(minutes), ImageProblems = { ["nginx"] = problem } }.Run();
}
