using k8s.Models;
using Orleans.StatefulSets.Reconciliation.Events;

namespace Orleans.StatefulSets.Reconciliation.Pods;

/// <summary>What changes in one look at containers of a pod.</summary>
internal sealed class ContainerDraft
{
    private readonly KubeletSituation situation;
    private readonly List<ContainerAction> actions = [];
    private readonly List<ObjectEvent> events = [];
    private readonly List<string> forgiven = [];
    private readonly List<string> pullsFailed = [];
    private bool changed;
    private bool starts;
    private bool needsSandbox;
    private bool sandboxLost;

    internal ContainerDraft(KubeletSituation situation)
    {
        this.situation = situation;
        Containers = [.. situation.Pod.Status.ContainerStatuses ?? []];
        Inits = situation.Pod.Status.InitContainerStatuses is { } inits ? [.. inits] : null;
    }

    internal List<V1ContainerStatus> Containers { get; }

    internal List<V1ContainerStatus>? Inits { get; }

    internal DateTime? DueAt { get; private set; }

    /// <summary>Looks at containers of the pod: at those that have begun, and those that are to begin now.</summary>
    internal void Look(IEnumerable<V1Container> containers, bool isInit)
    {
        var statuses = isInit ? Inits : Containers;
        foreach (var container in containers)
        {
            var at = statuses?.FindIndex(status => status.Name == container.Name) ?? -1;
            if (at >= 0)
            {
                statuses![at] = Look(container, statuses[at], isInit);
            }
        }
    }

    /// <summary>The runtime is to do something, too.</summary>
    internal void Ask(IEnumerable<ContainerAction> more) => actions.AddRange(more);

    /// <summary>
    /// The sidecars of a pod that has nothing else to do any more end: at once those of which no more is known, in their own time those
    /// that really run.
    /// </summary>
    /// <returns>Whether all have ended.</returns>
    internal bool Dismiss()
    {
        if (Inits is null)
        {
            return true;
        }

        var alive = Inits.Where(status => ContainerRuns.IsAlive(situation, status)).ToList();
        Ask(ContainerRuns.Stops(situation, alive.TakeLast(1)));
        for (var at = 0; at < Inits.Count && alive.Count == 0; at++)
        {
            var left = Inits[at];
            Inits[at] = left.State?.Running is not null ? ContainerStatuses.Ended(left, exitCode: 0, WholeSeconds.Of(situation.Now))
                : left.State?.Waiting is not null && ContainerRestarts.LastEnd(left) is { } ended ? ContainerStatuses.EndedBefore(left, ended)
                : left;
        }

        return alive.Count == 0;
    }

    /// <summary>What comes before any of it can be written: an address, or the runtime's work; null where nothing does.</summary>
    internal KubeletStep? Before()
    {
        if (needsSandbox && situation.PodIP is null && !UsesHostNetwork)
        {
            return new KubeletStep { NeedsPodIP = true };
        }

        return actions.Count > 0 ? new KubeletStep { Actions = actions, DueAt = DueAt } : null;
    }

    /// <summary>Writes it down.</summary>
    /// <param name="phase">The phase that it comes to.</param>
    /// <param name="sandboxReady">Whether the pod's sandbox stands.</param>
    internal KubeletStep Write(string phase, bool sandboxReady)
    {
        var pod = situation.Pod;
        if (!changed && phase == pod.Status.Phase && !Containers.Exists(ContainerStatuses.HasBegun) && Inits?.Exists(ContainerStatuses.HasBegun) != true)
        {
            return new KubeletStep { DueAt = DueAt };
        }

        var address = UsesHostNetwork ? pod.Status.PodIP : situation.PodIP ?? pod.Status.PodIP;
        var status = pod.Status with
        {
            Phase = phase,
            ContainerStatuses = Containers,
            InitContainerStatuses = Inits,
            PodIP = address,
            PodIPs = address == pod.Status.PodIP ? pod.Status.PodIPs : [new V1PodIP { Ip = address }],
        };
        var conditions = PodConditions.Next(pod, status, sandboxReady, WholeSeconds.Of(situation.Now));
        return changed || phase != pod.Status.Phase || !PodConditions.Same(pod.Status.Conditions, conditions)
            ? new KubeletStep
            {
                Status = status with { Conditions = conditions },
                Events = events,
                Forgiven = forgiven,
                PullsFailed = pullsFailed,
                SandboxLost = sandboxLost,
                ReportedImage = starts && !situation.ImagePresent && Containers.TrueForAll(ContainerStatuses.HasBegun),
            }
            : new KubeletStep { DueAt = DueAt };
    }

    private bool UsesHostNetwork => situation.Pod.Spec.HostNetwork == true;

    private V1ContainerStatus Look(V1Container container, V1ContainerStatus status, bool isInit)
    {
        var hasBegun = ContainerStatuses.HasBegun(status);
        var change = hasBegun ? ContainerRestarts.Next(situation, container, status, isInit) : ContainerStarts.Next(situation, container, status, isInit);
        needsSandbox |= !hasBegun || change.Starts || change.Action is not null;
        DueAt = change.DueAt is { } due && (DueAt is null || due < DueAt) ? due : DueAt;
        if (change.Action is { } action)
        {
            actions.Add(action);
        }

        if (change.Status is not { } reached)
        {
            return status;
        }

        changed = true;
        starts |= change.Starts;
        if (change.Forgiven)
        {
            forgiven.Add(container.Name);
        }

        if (change.PullFailed)
        {
            pullsFailed.Add(container.Name);
        }

        if (reached.State.Terminated is not null && situation.BootedAt > status.State?.Running?.StartedAt && !sandboxLost)
        {
            sandboxLost = true;
            events.Add(ObjectEvent.Normal(KubeletEvents.Component, "SandboxChanged", "Pod sandbox changed, it will be killed and re-created.", situation.NodeName));
        }

        events.AddRange(change.Events);

        // An init container that ended well counts as ready, as upstream has it.
        return isInit && !InitContainers.IsSidecar(container) && reached.State.Terminated is { ExitCode: 0 } ? reached with { Ready = true } : reached;
    }
}
