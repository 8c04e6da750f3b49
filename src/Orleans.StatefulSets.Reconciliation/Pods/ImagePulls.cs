using k8s.Models;
using Orleans.StatefulSets.Reconciliation.Events;

namespace Orleans.StatefulSets.Reconciliation.Pods;

/// <summary>Why an image can't be had, in a kubelet's words.</summary>
/// <param name="Reason">The waiting reason of a failed try: <c>ErrImagePull</c>, <c>InvalidImageName</c>.</param>
/// <param name="Message">Its message.</param>
public sealed record ImageProblem(string Reason, string Message)
{
    /// <summary>The message while the next try has to wait; null where there is no next try.</summary>
    public string? BackOffMessage { get; init; }

    /// <summary>What is told of a failed try; null where nothing was tried.</summary>
    public string? FailedEvent { get; init; }
}

/// <summary>The tries to pull one container's image that failed.</summary>
/// <param name="Count">How many.</param>
/// <param name="LastAt">When the last was made.</param>
public sealed record PullTries(int Count, DateTime LastAt);

/// <summary>
/// A container whose image can't be had waits: <c>ErrImagePull</c> after each try, <c>ImagePullBackOff</c> until the next, which comes after
/// 10 s, 20 s and so on up to 5 minutes (<c>pkg/kubelet/images/image_manager.go</c>).
/// </summary>
internal static class ImagePulls
{
    private const string BackingOff = "ImagePullBackOff";

    // The next look at the pod, after which a failed try is a wait.
    private static readonly TimeSpan NextLook = TimeSpan.FromSeconds(2);

    /// <summary>The next step of a pod that waits for an image; null where none of these containers does.</summary>
    internal static KubeletStep? Next(KubeletSituation situation, IEnumerable<V1Container> containers)
    {
        foreach (var container in containers)
        {
            if (situation.ImageProblems.TryGetValue(container.Name, out var problem))
            {
                return Next(situation, container, problem);
            }
        }

        return null;
    }

    private static KubeletStep Next(KubeletSituation situation, V1Container container, ImageProblem problem)
    {
        var statuses = situation.Pod.Status.ContainerStatuses.Concat(situation.Pod.Status.InitContainerStatuses ?? []);
        var waiting = statuses.FirstOrDefault(status => status.Name == container.Name)?.State?.Waiting;
        if (problem.BackOffMessage is null)
        {
            return waiting?.Reason == problem.Reason ? KubeletStep.Nothing : Wait(situation, container, problem.Reason, problem.Message, Failed(situation, container, problem));
        }

        if (situation.PullTries.GetValueOrDefault(container.Name) is not { } tries || situation.Now >= tries.LastAt + ContainerRestarts.BackOff(tries.Count))
        {
            return Wait(situation, container, problem.Reason, problem.Message, Failed(situation, container, problem)) with { PullFailed = container.Name };
        }

        if (waiting?.Reason != BackingOff && situation.Now >= tries.LastAt + NextLook)
        {
            return Wait(situation, container, BackingOff, problem.BackOffMessage, [KubeletEvents.PullBackOff(container, situation), KubeletEvents.Failed(situation.Pod, container.Name, situation.NodeName, BackingOff)]);
        }

        return new KubeletStep { DueAt = waiting?.Reason == BackingOff ? tries.LastAt + ContainerRestarts.BackOff(tries.Count) : tries.LastAt + NextLook };
    }

    private static List<ObjectEvent> Failed(KubeletSituation situation, V1Container container, ImageProblem problem) =>
    [
        .. problem.FailedEvent is null ? (ObjectEvent[])[] : [KubeletEvents.Pulling(container, situation), KubeletEvents.PullFailed(container, situation, problem.FailedEvent)],
        KubeletEvents.Failed(situation.Pod, container.Name, situation.NodeName, problem.Reason),
    ];

    private static KubeletStep Wait(KubeletSituation situation, V1Container container, string reason, string message, IReadOnlyList<ObjectEvent> events)
    {
        var status = situation.Pod.Status;
        var next = status with
        {
            ContainerStatuses = [.. status.ContainerStatuses.Select(Waiting)],
            InitContainerStatuses = status.InitContainerStatuses is null ? null : [.. status.InitContainerStatuses.Select(Waiting)],
        };
        return new KubeletStep
        {
            Status = next with { Conditions = PodConditions.Next(situation.Pod, next, sandboxReady: true, WholeSeconds.Of(situation.Now)) },
            Events = events,
        };

        V1ContainerStatus Waiting(V1ContainerStatus one) => one.Name != container.Name ? one : one with
        {
            State = new V1ContainerState { Waiting = new V1ContainerStateWaiting { Reason = reason, Message = message } },
        };
    }
}
