using System.Globalization;
using k8s.Models;
using Orleans.StatefulSets.Reconciliation.Events;

namespace Orleans.StatefulSets.Reconciliation.Pods;

/// <summary>What a 1.33 kubelet tells about containers, in its words (<c>pkg/kubelet/images</c>, <c>pkg/kubelet/kuberuntime</c>).</summary>
internal static class KubeletEvents
{
    internal const string Component = "kubelet";

    internal static IReadOnlyList<ObjectEvent> OfStart(V1Container container, KubeletSituation situation)
    {
        var about = new Speaker(situation.Pod, container.Name, situation.NodeName);
        var image = container.Image;
        var created = about.Tell("Created", $"Created container: {container.Name}");
        var started = about.Tell("Started", $"Started container {container.Name}");
        if (situation.ImagePresent && container.ImagePullPolicy != "Always")
        {
            return [about.Tell("Pulled", $"Container image \"{image}\" already present on machine"), created, started];
        }

        var took = GoDuration(situation.ImagePresent ? TimeSpan.Zero : situation.Latencies.ImagePull);
        var size = ContainerIdentity.ImageSize(image).ToString(CultureInfo.InvariantCulture);
        return
        [
            .. IsPullTold(container, situation) ? (ObjectEvent[])[] : [Pulling(container, situation)],
            about.Tell("Pulled", $"Successfully pulled image \"{image}\" in {took} ({took} including waiting). Image size: {size} bytes."),
            created,
            started,
        ];
    }

    internal static ObjectEvent BackOff(V1Pod pod, string container, string? node) => new Speaker(pod, container, node).Tell(
        "BackOff", $"Back-off restarting failed container {container} in pod {ContainerStatuses.Name(pod)}", ObjectEvent.WarningType);

    internal static ObjectEvent Failed(V1Pod pod, string container, string? node, string message) =>
        new Speaker(pod, container, node).Tell("Failed", $"Error: {message}", ObjectEvent.WarningType);

    internal static ObjectEvent PullFailed(V1Container container, KubeletSituation situation, string message) =>
        new Speaker(situation.Pod, container.Name, situation.NodeName).Tell("Failed", message, ObjectEvent.WarningType);

    // The name is looked at before the image is looked for.
    internal static ObjectEvent ImageRefused(V1Container container, KubeletSituation situation, ImageProblem problem) =>
        new Speaker(situation.Pod, container.Name, situation.NodeName).Tell(
            problem.Reason == "InvalidImageName" ? "InspectFailed" : problem.Reason, problem.Message, ObjectEvent.WarningType);

    internal static ObjectEvent PullBackOff(V1Container container, KubeletSituation situation) =>
        new Speaker(situation.Pod, container.Name, situation.NodeName).Tell("BackOff", $"Back-off pulling image \"{container.Image}\"");

    internal static ObjectEvent Pulling(V1Container container, KubeletSituation situation) =>
        new Speaker(situation.Pod, container.Name, situation.NodeName).Tell("Pulling", $"Pulling image \"{container.Image}\"");

    // Told ahead is the pull of the pod's first image.
    internal static bool IsPullTold(V1Container container, KubeletSituation situation) =>
        situation.PullAnnounced && container.Name == (situation.Pod.Spec.InitContainers is { Count: > 0 } inits ? inits : situation.Pod.Spec.Containers)[0].Name;

    internal static ObjectEvent Stopping(V1Pod pod, string container, string? node) =>
        new Speaker(pod, container, node).Tell("Killing", $"Stopping container {container}");

    // Go's time.Duration, cut to milliseconds as the kubelet does: 1.2s, 350ms, 1m2s.
    internal static string GoDuration(TimeSpan duration)
    {
        if (duration < TimeSpan.FromSeconds(1))
        {
            return duration < TimeSpan.FromMilliseconds(1) ? "0s" : string.Create(CultureInfo.InvariantCulture, $"{(long)duration.TotalMilliseconds}ms");
        }

        var minutes = (long)duration.TotalMinutes;
        var seconds = (duration - TimeSpan.FromMinutes(minutes)).TotalSeconds;
        return string.Create(CultureInfo.InvariantCulture, $"{(minutes > 0 ? $"{minutes}m" : "")}{seconds:0.###}s");
    }

    private sealed record Speaker(V1Pod Pod, string Container, string? Node)
    {
        internal ObjectEvent Tell(string reason, string message, string type = ObjectEvent.NormalType) =>
            new(type, reason, message, Component, Node, $"spec.{(IsInit ? "initContainers" : "containers")}{{{Container}}}");

        private bool IsInit => Pod.Spec.InitContainers?.Any(init => init.Name == Container) == true;
    }
}
