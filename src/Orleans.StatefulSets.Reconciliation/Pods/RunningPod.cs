using k8s.Models;

namespace Orleans.StatefulSets.Reconciliation.Pods;

/// <summary>A pod whose init containers are done: its containers start, end and are started again, and the pod is ready, or ends, by how they are.</summary>
internal static class RunningPod
{
    internal static KubeletStep Next(KubeletSituation situation)
    {
        var pod = situation.Pod;
        var draft = new ContainerDraft(situation);
        draft.Look(pod.Spec.Containers, isInit: false);
        var phase = PodPhase.Of(pod, draft.Containers);
        var isOver = phase is "Succeeded" or "Failed";
        draft.Look((pod.Spec.InitContainers ?? []).Where(container => InitContainers.IsSidecar(container) && (!isOver || IsRunning(pod, container))), isInit: true);
        if (isOver && !draft.Dismiss())
        {
            // The sidecars have nobody to serve any more; the pod is over when they have ended.
            phase = "Running";
        }

        return draft.Before() ?? draft.Write(phase, sandboxReady: phase is not ("Succeeded" or "Failed"));
    }

    private static bool IsRunning(V1Pod pod, V1Container container) =>
        ContainerStatuses.Find(pod.Status.InitContainerStatuses, container.Name)?.State?.Running is not null;
}
