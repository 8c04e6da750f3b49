using k8s.Models;

namespace Orleans.StatefulSets.Reconciliation.Pods;

/// <summary>
/// What a kubelet does with a pod, one stored state after another. Everything that it goes on from is in the stored pod, so a
/// process that starts in the middle of a pod's life carries it to the same end.
/// </summary>
public static class KubeletDecision
{
    /// <summary>The pod's next step on its node: to write now, to be asked again later, or nothing.</summary>
    public static KubeletStep Next(KubeletSituation situation)
    {
        var pod = situation.Pod;
        if (PodReadiness.IsTerminating(pod))
        {
            return ContainerStop.Next(situation);
        }

        if (string.IsNullOrEmpty(situation.NodeName) || PodReadiness.IsTerminal(pod))
        {
            return KubeletStep.Nothing;
        }

        if (!IsAccepted(pod))
        {
            return situation.Refusal is { } refusal ? PodStart.Refuse(situation, refusal) : PodStart.Accept(situation);
        }

        return HasStartedContainers(pod) ? RunningPod.Next(situation) : PodStart.Next(situation);
    }

    /// <summary>The kubelet has seen the pod and written its first status.</summary>
    private static bool IsAccepted(V1Pod pod) => pod.Status?.StartTime is not null;

    private static bool HasStartedContainers(V1Pod pod) => (pod.Status.ContainerStatuses ?? []).Any(ContainerStatuses.HasBegun);
}
