using k8s.Models;
using Orleans.StatefulSets.Reconciliation.Events;

namespace Orleans.StatefulSets.Reconciliation.Pods;

/// <summary>A pod whose containers have started: they end and are started again, and the pod is ready, or ends, by how they are.</summary>
internal static class RunningPod
{
    internal static KubeletStep Next(KubeletSituation situation)
    {
        var pod = situation.Pod;
        var draft = new Draft(situation);
        var containers = draft.Look(pod.Spec.Containers, pod.Status.ContainerStatuses, isInit: false);
        var inits = draft.Look((pod.Spec.InitContainers ?? []).Where(InitContainers.IsSidecar), pod.Status.InitContainerStatuses, isInit: true);
        if ((draft.Starts || draft.Actions.Count > 0) && situation.PodIP is null && pod.Spec.HostNetwork != true)
        {
            return new KubeletStep { NeedsPodIP = true };
        }

        if (draft.Actions.Count > 0)
        {
            return new KubeletStep { Actions = draft.Actions };
        }

        var now = WholeSeconds.Of(situation.Now);
        var phase = PodPhase.Of(pod, containers);
        if (phase is "Succeeded" or "Failed")
        {
            // The sidecars have nobody to serve any more.
            inits = inits?.Select(status => status.State?.Running is null ? status : ContainerStatuses.Ended(status, exitCode: 0, now)).ToList();
        }

        var address = draft.Starts && pod.Spec.HostNetwork != true ? situation.PodIP : pod.Status.PodIP;
        var status = pod.Status with
        {
            Phase = phase,
            ContainerStatuses = containers,
            InitContainerStatuses = inits,
            PodIP = address,
            PodIPs = address == pod.Status.PodIP ? pod.Status.PodIPs : [new V1PodIP { Ip = address }],
        };
        var conditions = PodConditions.Next(pod, status, sandboxReady: phase == "Running", now);
        return draft.Changed || phase != pod.Status.Phase || !PodConditions.Same(pod.Status.Conditions, conditions)
            ? new KubeletStep { Status = status with { Conditions = conditions }, Events = draft.Events, Forgiven = draft.Forgiven, SandboxLost = draft.SandboxLost }
            : new KubeletStep { DueAt = draft.DueAt };
    }

    /// <summary>What changes in one look at all containers of the pod.</summary>
    private sealed class Draft(KubeletSituation situation)
    {
        internal bool Changed { get; private set; }

        internal bool Starts { get; private set; }

        internal bool SandboxLost { get; private set; }

        internal DateTime? DueAt { get; private set; }

        internal List<ObjectEvent> Events { get; } = [];

        internal List<string> Forgiven { get; } = [];

        internal List<ContainerAction> Actions { get; } = [];

        internal List<V1ContainerStatus>? Look(IEnumerable<V1Container> containers, IList<V1ContainerStatus>? statuses, bool isInit)
        {
            List<V1ContainerStatus>? next = statuses is null ? null : [.. statuses];
            foreach (var container in containers)
            {
                var at = next?.FindIndex(status => status.Name == container.Name) ?? -1;
                if (at >= 0)
                {
                    next![at] = Look(container, next[at], isInit);
                }
            }

            return next;
        }

        private V1ContainerStatus Look(V1Container container, V1ContainerStatus status, bool isInit)
        {
            var change = ContainerRestarts.Next(situation, container, status, isInit);
            DueAt = change.DueAt is { } due && (DueAt is null || due < DueAt) ? due : DueAt;
            if (change.Action is { } action)
            {
                Actions.Add(action);
            }

            if (change.Status is not { } reached)
            {
                return status;
            }

            Changed = true;
            Starts |= change.Starts;
            if (change.Forgiven)
            {
                Forgiven.Add(container.Name);
            }

            if (reached.State.Terminated is not null && situation.BootedAt > status.State?.Running?.StartedAt && !SandboxLost)
            {
                SandboxLost = true;
                Events.Add(ObjectEvent.Normal(KubeletEvents.Component, "SandboxChanged", "Pod sandbox changed, it will be killed and re-created.", situation.NodeName));
            }

            Events.AddRange(change.Events);
            return reached;
        }
    }
}
