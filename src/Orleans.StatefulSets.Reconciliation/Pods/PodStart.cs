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

        var next = InitContainers.Next(situation.Pod);
        var due = DueAt(situation);
        if ((next is null || !HasBegun(situation.Pod, next)) && situation.Now < due)
        {
            return Await(situation, due);
        }

        return next is null ? RunningPod.Next(situation) : Initialize(situation, next);
    }

    // The init container whose turn it is, and the sidecars that serve it.
    private static KubeletStep Initialize(KubeletSituation situation, V1Container init)
    {
        var pod = situation.Pod;
        var draft = new ContainerDraft(situation);
        var hasFailed = HasFailed(pod, init);
        draft.Look(pod.Spec.InitContainers.Where(other => other == init || (InitContainers.IsSidecar(other) && Goes(pod, other, hasFailed))), isInit: true);
        var isOver = hasFailed && draft.Dismiss();
        return draft.Before() ?? draft.Write(isOver ? "Failed" : "Pending", sandboxReady: !isOver);
    }

    private static bool HasFailed(V1Pod pod, V1Container init) =>
        Find(pod, init) is { } status && ContainerRestarts.LastEnd(status) is { } ended && !ContainerRestarts.IsRestarted(pod, init, ended, isInit: true);

    // A sidecar that was there before goes on; where there is nobody left to serve it is not started again.
    private static bool Goes(V1Pod pod, V1Container sidecar, bool isOver) => HasBegun(pod, sidecar) && (!isOver || Find(pod, sidecar)?.State?.Running is not null);

    private static bool HasBegun(V1Pod pod, V1Container init) => Find(pod, init) is { } status && ContainerStatuses.HasBegun(status);

    private static V1ContainerStatus? Find(V1Pod pod, V1Container init) => ContainerStatuses.Find(pod.Status.InitContainerStatuses, init.Name);

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

    // A pod on the host's network has the host's address from its first status on.
    private static V1PodStatus WithAddressOfHost(V1Pod pod, V1PodStatus status) => UsesHostNetwork(pod)
        ? status with { PodIP = status.HostIP, PodIPs = [new V1PodIP { Ip = status.HostIP }] }
        : status;

    private static bool UsesHostNetwork(V1Pod pod) => pod.Spec.HostNetwork == true;

    private static bool HasClaims(V1Pod pod) =>
        (pod.Spec.Volumes ?? []).Any(volume => volume.PersistentVolumeClaim is not null || volume.Ephemeral is not null);
}
