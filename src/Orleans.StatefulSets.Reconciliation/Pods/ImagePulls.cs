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
public sealed record PullTries(int Count, DateTime LastAt)
{
    /// <summary>Why the last one failed; null where that still stands in <see cref="KubeletSituation.ImageProblems"/>.</summary>
    public ImageProblem? Problem { get; init; }

    /// <summary>When the next one is to be made.</summary>
    public DateTime NextAt => LastAt + ContainerRestarts.BackOff(Count);
}

/// <summary>
/// A container whose image can't be had waits: <c>ErrImagePull</c> after each try, <c>ImagePullBackOff</c> until the next, which comes after
/// 10 s, 20 s and so on up to 5 minutes (<c>pkg/kubelet/images/image_manager.go</c>).
/// </summary>
internal static class ImagePulls
{
    private const string BackingOff = "ImagePullBackOff";

    // The next look at the pod, after which a failed try is a wait.
    private static readonly TimeSpan NextLook = TimeSpan.FromSeconds(2);

    /// <summary>What a container that waits for its image does; null where its image can be had.</summary>
    internal static ContainerChange? Next(KubeletSituation situation, V1Container container, V1ContainerStatus status)
    {
        if (!situation.ImageProblems.TryGetValue(container.Name, out var problem))
        {
            return null;
        }

        var waiting = status.State?.Waiting?.Reason;
        if (problem.BackOffMessage is null)
        {
            return waiting == problem.Reason ? ContainerChange.None : Refuse(situation, container, status, problem);
        }

        var tries = situation.PullTries.GetValueOrDefault(container.Name);
        if (tries is null || situation.Now >= tries.NextAt)
        {
            return Fail(situation, container, status, problem, isFirst: tries is null);
        }

        if (waiting == BackingOff)
        {
            return new ContainerChange { DueAt = tries.NextAt };
        }

        return situation.Now < tries.LastAt + NextLook
            ? new ContainerChange { DueAt = tries.LastAt + NextLook }
            : new ContainerChange
            {
                Status = ContainerStatuses.Waiting(status, BackingOff, problem.BackOffMessage),
                Events = [KubeletEvents.PullBackOff(container, situation), KubeletEvents.Failed(situation.Pod, container.Name, situation.NodeName, BackingOff)],
            };
    }

    // Nothing is tried: the name is none, or the policy forbids it.
    private static ContainerChange Refuse(KubeletSituation situation, V1Container container, V1ContainerStatus status, ImageProblem problem) => new()
    {
        Status = ContainerStatuses.Waiting(status, problem.Reason, problem.Message),
        Events =
        [
            KubeletEvents.ImageRefused(container, situation, problem),
            KubeletEvents.Failed(situation.Pod, container.Name, situation.NodeName, problem.Reason),
        ],
    };

    private static ContainerChange Fail(KubeletSituation situation, V1Container container, V1ContainerStatus status, ImageProblem problem, bool isFirst) => new()
    {
        Status = ContainerStatuses.Waiting(status, problem.Reason, problem.Message),
        PullFailed = true,
        Events =
        [
            .. isFirst && KubeletEvents.IsPullTold(container, situation) ? (ObjectEvent[])[] : [KubeletEvents.Pulling(container, situation)],
            KubeletEvents.PullFailed(container, situation, problem.FailedEvent ?? problem.Message),
            KubeletEvents.Failed(situation.Pod, container.Name, situation.NodeName, problem.Reason),
        ],
    };
}
