using k8s.Models;
using Orleans.StatefulSets.Reconciliation.Events;

namespace Orleans.StatefulSets.Reconciliation.Pods;

/// <summary>From the binding to running containers.</summary>
internal static class PodStart
{
    private static readonly TimeSpan RefusalTakes = TimeSpan.FromSeconds(1);

    /// <summary>The kubelet's first word on a pod: it starts, its containers wait.</summary>
    internal static KubeletStep Accept(KubeletSituation situation)
    {
        var now = WholeSeconds.Of(situation.Now);
        return new KubeletStep { Status = FirstStatus(situation, now) };
    }

    internal static V1PodStatus FirstStatus(KubeletSituation situation, DateTime now)
    {
        var pod = situation.Pod;
        var inits = pod.Spec.InitContainers ?? [];
        var reason = inits.Count > 0 ? "PodInitializing" : "ContainerCreating";
        var status = (pod.Status ?? new V1PodStatus()) with
        {
            Phase = "Pending",
            StartTime = now,
            HostIP = situation.HostIP,
            HostIPs = [new V1HostIP { Ip = situation.HostIP }],
            ContainerStatuses = [.. pod.Spec.Containers.Select(container => ContainerStatuses.Waiting(container, reason))],
            InitContainerStatuses = inits.Count == 0 ? null : [.. inits.Select(container => ContainerStatuses.Waiting(container, reason))],
        };
        return WithAddressOfHost(pod, status) with { Conditions = PodConditions.Next(pod, status, sandboxReady: false, now) };
    }

    /// <summary>
    /// The kubelet won't run the pod: it fails, and nothing of it ever starts. That takes a moment on any node: a set makes a pod that
    /// failed again at once, and the two would spin.
    /// </summary>
    internal static KubeletStep Refuse(KubeletSituation situation, AdmissionRefusal refusal)
    {
        var due = (situation.Since ?? situation.Pod.Metadata.CreationTimestamp ?? situation.Now) + RefusalTakes;
        return situation.Now < due ? new KubeletStep { DueAt = due } : Refused(situation, refusal);
    }

    private static KubeletStep Refused(KubeletSituation situation, AdmissionRefusal refusal) => new()
    {
        Status = (situation.Pod.Status ?? new V1PodStatus()) with
        {
            Phase = "Failed",
            Reason = refusal.Reason,
            Message = refusal.Message,
            StartTime = WholeSeconds.Of(situation.Now),
        },
        Events = [ObjectEvent.Warning(KubeletEvents.Component, refusal.Reason, refusal.EventMessage, situation.NodeName)],
    };

    /// <summary>The next container or containers to start, when their time has come.</summary>
    internal static KubeletStep Next(KubeletSituation situation)
    {
        if (!situation.VolumesReady)
        {
            return KubeletStep.Nothing;
        }

        if (InitContainers.Next(situation.Pod) is { } begun && ContainerStatuses.Find(situation.Pod.Status.InitContainerStatuses, begun.Name) is { ContainerID.Length: > 0 } status)
        {
            return GoOn(situation, begun, status);
        }

        var due = DueAt(situation);
        if (situation.Now < due)
        {
            return Await(situation, due);
        }

        if (situation.PodIP is null && !UsesHostNetwork(situation.Pod))
        {
            return new KubeletStep { NeedsPodIP = true };
        }

        var next = InitContainers.Next(situation.Pod);
        return ImagePulls.Next(situation, next is null ? situation.Pod.Spec.Containers : [next])
            ?? (next is null ? StartContainers(situation) : StartInit(situation, next));
    }

    // While the first image is being pulled the kubelet says so, when the pull begins.
    private static KubeletStep Await(KubeletSituation situation, DateTime due)
    {
        var latencies = situation.Latencies;
        var begins = due - latencies.ContainerStart - latencies.ImagePull;
        if (situation.PullAnnounced || situation.ImagePresent || latencies.ImagePull == TimeSpan.Zero || InitContainers.LastDoneAt(situation.Pod) is not null)
        {
            return new KubeletStep { DueAt = due };
        }

        return situation.Now < begins
            ? new KubeletStep { DueAt = begins }
            : new KubeletStep { DueAt = due, AnnouncedPull = true, Events = [KubeletEvents.Pulling(First(situation.Pod), situation)] };
    }

    private static V1Container First(V1Pod pod) => InitContainers.Next(pod) ?? pod.Spec.Containers[0];

    // The first start of a pod waits for volumes, images and the container; each later one (after an init container) for itself.
    private static DateTime DueAt(KubeletSituation situation)
    {
        var pod = situation.Pod;
        var latencies = situation.Latencies;
        if (InitContainers.LastDoneAt(pod) is { } done)
        {
            return WholeSeconds.Exact(done, situation.Since) + latencies.ContainerStart;
        }

        var wait = latencies.ContainerStart;
        wait += HasClaims(pod) ? latencies.VolumeAttach : TimeSpan.Zero;
        wait += situation.ImagePresent ? TimeSpan.Zero : latencies.ImagePull;
        return WholeSeconds.Exact(pod.Status.StartTime!.Value, situation.Since) + wait;
    }

    private static KubeletStep StartInit(KubeletSituation situation, V1Container init)
    {
        var pod = situation.Pod;
        var now = WholeSeconds.Of(situation.Now);
        if (BeforeStart(situation, [init], pod.Status.InitContainerStatuses, isInit: true) is { } before)
        {
            return before;
        }

        var running = ContainerRuns.Probed(situation, ContainerStatuses.Running(pod, init, now), restarts: 0);
        var program = ContainerRuns.IsReal(situation, init.Name) ? null : ContainerProgram.Of(init, isInit: true);
        var reached = program?.RunsFor == TimeSpan.Zero ? InitEnded(running, program.ExitCode, now)
            : InitContainers.IsSidecar(init) ? running
            : running with { Ready = false };
        var status = WithAddress(situation) with
        {
            InitContainerStatuses = [.. pod.Status.InitContainerStatuses.Select(old => old.Name == init.Name ? reached : old)],
        };
        return new KubeletStep
        {
            Status = status with { Conditions = PodConditions.Next(pod, status, sandboxReady: true, now) },
            Events = KubeletEvents.OfStart(init, situation),
        };
    }

    // A container that ended well counts as ready, as upstream has it for init containers.
    private static V1ContainerStatus InitEnded(V1ContainerStatus running, int exitCode, DateTime now) =>
        ContainerStatuses.Ended(running, exitCode, now) with { Ready = exitCode == 0 };

    /// <summary>An init container runs, or has failed: it ends, is started again, or takes the pod with it.</summary>
    private static KubeletStep GoOn(KubeletSituation situation, V1Container init, V1ContainerStatus status)
    {
        var pod = situation.Pod;
        var now = WholeSeconds.Of(situation.Now);
        var change = ContainerRestarts.Next(situation, init, status, isInit: true);
        if (change.Action is { } action)
        {
            return new KubeletStep { Actions = [action] };
        }

        if (change.Status is { } reached)
        {
            reached = InitContainers.IsSidecar(init) || reached.State?.Waiting is not null ? reached : reached with { Ready = reached.State?.Terminated is { ExitCode: 0 } };
            var next = pod.Status with { InitContainerStatuses = [.. pod.Status.InitContainerStatuses.Select(old => old.Name == init.Name ? reached : old)] };
            return new KubeletStep
            {
                Status = next with { Conditions = PodConditions.Next(pod, next, sandboxReady: true, now) },
                Events = change.Events,
                Forgiven = change.Forgiven ? [init.Name] : [],
            };
        }

        if (ContainerRestarts.LastEnd(status) is { } ended && !ContainerRestarts.IsRestarted(pod, init, ended, isInit: true))
        {
            var failed = pod.Status with { Phase = "Failed" };
            return new KubeletStep { Status = failed with { Conditions = PodConditions.Next(pod, failed, sandboxReady: false, now) } };
        }

        return new KubeletStep { DueAt = change.DueAt };
    }

    // The runtime makes what it really runs before anybody hears of it; what can't be made waits, and is tried again.
    private static KubeletStep? BeforeStart(KubeletSituation situation, IList<V1Container> containers, IList<V1ContainerStatus> statuses, bool isInit)
    {
        List<ContainerChange> changes = [];
        var next = statuses.ToList();
        foreach (var container in containers)
        {
            var at = next.FindIndex(status => status.Name == container.Name);
            if (at >= 0 && ContainerRuns.BeforeStart(situation, container, next[at], restarts: 0) is { } change)
            {
                changes.Add(change);
                next[at] = change.Status ?? next[at];
            }
        }

        if (changes.Count == 0)
        {
            return null;
        }

        if (changes.Select(change => change.Action).OfType<ContainerAction>().ToList() is { Count: > 0 } actions)
        {
            return new KubeletStep { Actions = actions };
        }

        if (changes.TrueForAll(change => change.Status is null))
        {
            return new KubeletStep { DueAt = changes.Min(change => change.DueAt) };
        }

        var status = isInit ? situation.Pod.Status with { InitContainerStatuses = next } : situation.Pod.Status with { ContainerStatuses = next };
        return new KubeletStep
        {
            Status = status with { Conditions = PodConditions.Next(situation.Pod, status, sandboxReady: true, WholeSeconds.Of(situation.Now)) },
            Events = [.. changes.SelectMany(change => change.Events)],
        };
    }

    private static KubeletStep StartContainers(KubeletSituation situation)
    {
        var pod = situation.Pod;
        var now = WholeSeconds.Of(situation.Now);
        if (BeforeStart(situation, pod.Spec.Containers, pod.Status.ContainerStatuses, isInit: false) is { } before)
        {
            return before;
        }

        var status = WithAddress(situation) with
        {
            Phase = "Running",
            ContainerStatuses = [.. pod.Spec.Containers.Select(container => ContainerRuns.Probed(situation, ContainerStatuses.Running(pod, container, now), restarts: 0))],
        };
        return new KubeletStep
        {
            Status = status with { Conditions = PodConditions.Next(pod, status, sandboxReady: true, now) },
            Events = [.. pod.Spec.Containers.SelectMany(container => KubeletEvents.OfStart(container, situation))],
            ReportedImage = !situation.ImagePresent,
        };
    }

    private static V1PodStatus WithAddress(KubeletSituation situation) => UsesHostNetwork(situation.Pod)
        ? situation.Pod.Status
        : situation.Pod.Status with { PodIP = situation.PodIP, PodIPs = [new V1PodIP { Ip = situation.PodIP }] };

    // A pod on the host's network has the host's address from its first status on.
    private static V1PodStatus WithAddressOfHost(V1Pod pod, V1PodStatus status) => UsesHostNetwork(pod)
        ? status with { PodIP = status.HostIP, PodIPs = [new V1PodIP { Ip = status.HostIP }] }
        : status;

    private static bool UsesHostNetwork(V1Pod pod) => pod.Spec.HostNetwork == true;

    private static bool HasClaims(V1Pod pod) =>
        (pod.Spec.Volumes ?? []).Any(volume => volume.PersistentVolumeClaim is not null || volume.Ephemeral is not null);
}
