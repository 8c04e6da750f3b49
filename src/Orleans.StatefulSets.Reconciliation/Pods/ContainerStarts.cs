using k8s.Models;

namespace Orleans.StatefulSets.Reconciliation.Pods;

/// <summary>
/// The first start of a container: its image, then the runtime, then the word that it runs. One that can't be had or made does not keep
/// the others of its pod from starting; one that is being made does, so that those that start together are told of together.
/// </summary>
internal static class ContainerStarts
{
    internal static ContainerChange Next(KubeletSituation situation, V1Container container, V1ContainerStatus status, bool isInit) =>
        ImagePulls.Next(situation, container, status)
        ?? ContainerRuns.BeforeStart(situation, container, status, restarts: 0)
        ?? (!isInit && IsHeld(situation) ? ContainerChange.None : Start(situation, container, isInit));

    private static ContainerChange Start(KubeletSituation situation, V1Container container, bool isInit)
    {
        var now = WholeSeconds.Of(situation.Now);
        var running = ContainerRuns.Probed(situation, container, ContainerStatuses.Running(situation.Pod, container, now), restarts: 0, isInit);
        var program = isInit && !ContainerRuns.IsReal(situation, container.Name) ? ContainerProgram.Of(container, isInit: true) : null;
        return new ContainerChange
        {
            // Nobody sees an init container run that is done at once.
            Status = program?.RunsFor == TimeSpan.Zero ? ContainerStatuses.Ended(running, program.ExitCode, now) : running,
            Events = KubeletEvents.OfStart(container, situation),
            Starts = true,
        };
    }

    private static bool IsHeld(KubeletSituation situation) => (situation.Pod.Status.ContainerStatuses ?? []).Any(other =>
        !ContainerStatuses.HasBegun(other) && !situation.ImageProblems.ContainsKey(other.Name) && ContainerRuns.IsUnderWay(situation, other.Name, restarts: 0));
}
