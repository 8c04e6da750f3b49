using k8s.Models;
using Microsoft.Extensions.Logging;
using Orleans.StatefulSets.Grains.Messages;
using Orleans.StatefulSets.Grains.Nodes.Runtime;
using Orleans.StatefulSets.Grains.Objects;
using Orleans.StatefulSets.Grains.Replicas;
using Orleans.StatefulSets.Reconciliation.Nodes;
using Orleans.StatefulSets.Reconciliation.Pods;
using Orleans.StatefulSets.Resources.Kinds;
using Orleans.StatefulSets.Resources.Objects;
using Orleans.StatefulSets.Resources.Writing;

namespace Orleans.StatefulSets.Grains.Nodes;

/// <summary>
/// The kubelet of one node: walks each pod that is bound to it through its life, one step of <see cref="KubeletDecision"/> at a time,
/// each pod on its own. What it keeps in memory it can find again: after a loss the next step is made from what is stored.
/// </summary>
/// <param name="services">The way to the pods.</param>
/// <param name="nodeName">The node.</param>
/// <param name="latencies">How long things take.</param>
/// <param name="node">The node's object, null when it is gone.</param>
/// <param name="wake">Calls <see cref="Wake"/> for a pod's key, in the grain's own turn.</param>
/// <param name="runtime">What runs the pods' containers.</param>
/// <param name="logger">The log.</param>
internal sealed partial class Kubelet(
    ObjectServices services, string nodeName, PodLatencies latencies, Func<V1Node?> node, Action<string> wake, ContainerRuntime runtime, ILogger<Kubelet> logger)
{
    private static readonly TimeSpan VolumeRetry = TimeSpan.FromSeconds(1);
    private static readonly IReadOnlyDictionary<string, ImageProblem> NoProblems = new Dictionary<string, ImageProblem>();
    private static readonly IReadOnlyDictionary<string, PullTries> NoTries = new Dictionary<string, PullTries>();

    private readonly Dictionary<string, LocalPod> pods = [];
    private readonly HashSet<string> addresses = [];
    private readonly HashSet<string> images = [];
    private string? lastAddress;

    // A node without an object is a machine that was taken away.
    private bool IsOn => node() is { } machine && !NodePower.IsOff(machine);

    /// <summary>Takes over the pods that are bound to the node by what is stored, and goes on with each.</summary>
    public void Refill()
    {
        var bound = services.Replicas.Nodes.PodsOn(nodeName);
        foreach (var key in bound)
        {
            if (services.Replicas.Find(key) is { } item)
            {
                Observe(item, deleted: false);
                if (UnfinishedIndex.IsUnfinished(item))
                {
                    // Also without news: the wait for its next step may have got lost.
                    Wake(key.ToString());
                }
            }
        }

        var stored = bound.Select(key => key.ToString()).ToHashSet();
        foreach (var (key, local) in pods.Where(pair => !stored.Contains(pair.Key) && pair.Value.Item.ResourceVersion <= services.Replicas.Objects.Head).ToList())
        {
            Forget(key, local);
        }
    }

    public void Observe(StoredObject item, bool deleted)
    {
        var key = item.Key.ToString();
        if (!pods.TryGetValue(key, out var local))
        {
            if (!deleted)
            {
                Adopt(key, item);
            }

            return;
        }

        if (local.Item.ResourceVersion >= item.ResourceVersion)
        {
            return;
        }

        if (deleted)
        {
            Forget(key, local);
        }
        else if (local.Item.Uid != item.Uid)
        {
            Forget(key, local);
            Adopt(key, item);
        }
        else
        {
            local.Item = item;
            local.Since = services.Clock.Now;
            runtime.Observe(item);
            Wake(key);
        }
    }

    /// <summary>A pod's inside, where the pod runs here.</summary>
    /// <returns>The pod and its inside; null where no such pod is bound to the node.</returns>
    public async Task<(V1Pod Pod, LivePod Live)?> LookAsync(string key)
    {
        if (!pods.TryGetValue(key, out var local))
        {
            return null;
        }

        var live = await runtime.LookAsync(local.Item, local.Address);
        Wake(key);
        return (local.Item.As<V1Pod>(), live);
    }

    /// <summary>A pod that is bound to the node, as it was last seen; null where there is none.</summary>
    public V1Pod? Find(string key) => pods.TryGetValue(key, out var local) ? local.Item.As<V1Pod>() : null;

    /// <summary>The machine came up (again), or the node changed in a way that concerns all pods on it.</summary>
    public void WakeAll()
    {
        foreach (var key in pods.Keys.ToList())
        {
            Wake(key);
        }
    }

    /// <summary>Makes the pod's next steps, now or after the one that is under way. While the machine is off nothing happens on it.</summary>
    public void Wake(string key)
    {
        if (!pods.TryGetValue(key, out var local))
        {
            return;
        }

        local.News = true;
        if (!local.Stepping && IsOn)
        {
            local.Stepping = true;
            _ = StepAsync(key, local);
        }
    }

    /// <summary>The node is short of something: the kubelet ends the pod that it can do without best.</summary>
    public async Task EvictOneAsync(string resource)
    {
        if (PressureEviction.First(pods.Values.Where(local => !local.Outline.IsTerminal).Select(local => local.Item.As<V1Pod>())) is not { } victim
            || !pods.TryGetValue(ResourceKinds.Pods.Key(victim.Metadata.NamespaceProperty, victim.Metadata.Name).ToString(), out var local))
        {
            return;
        }

        services.Events.Record(PressureEviction.Event(resource, nodeName), local.Item);
        var key = local.Item.Key.ToString();
        Took(key, local, await Pod(local).ReportStatus(local.Item.Uid, new Model(PressureEviction.Evicted(victim, resource, services.Clock.Now))));
        Wake(key);
    }

    private void Adopt(string key, StoredObject item)
    {
        var pod = item.As<V1Pod>();
        var local = new LocalPod(item) { Since = PodReadiness.PodIP(pod) is null ? services.Clock.Now : null, Address = PodReadiness.PodIP(pod) };
        pods[key] = local;
        if (local.Address is { } address)
        {
            addresses.Add(address);
            images.UnionWith(ImagesOf(pod));
        }

        Wake(key);
    }

    private void Forget(string key, LocalPod local)
    {
        runtime.Delete(local.Item);
        pods.Remove(key);
        if (local.Address is { } address)
        {
            addresses.Remove(address);
        }
    }

    private async Task StepAsync(string key, LocalPod local)
    {
        try
        {
            while (local.News)
            {
                local.News = false;
                while (IsOn && IsMine(key, local) && await StepOnceAsync(key, local))
                {
                }
            }
        }
        catch (Exception failure)
        {
            LogStepFailed(failure, key, nodeName);
            services.Wheel.Schedule(key, services.Clock.Now + VolumeRetry, () => wake(key));
        }
        finally
        {
            local.Stepping = false;
        }
    }

    /// <returns>Whether to ask again at once.</returns>
    private async Task<bool> StepOnceAsync(string key, LocalPod local)
    {
        var pod = local.Item.As<V1Pod>();
        if (!local.VolumesReady && !await VolumesReadyAsync(pod))
        {
            services.Wheel.Schedule(key, services.Clock.Now + VolumeRetry, () => wake(key));
        }
        else
        {
            local.VolumesReady = true;
        }

        var step = KubeletDecision.Next(Situation(local, pod));
        if (step.ReportedImage)
        {
            images.UnionWith(ImagesOf(pod));
        }

        local.StopAnnounced |= step.AnnouncedStop;
        local.PullAnnounced |= step.AnnouncedPull;
        local.KillAnnounced |= step.AnnouncedKill;
        if (step.SandboxLost && local.Address is { } lost)
        {
            runtime.Forget(local.Item.Uid);
            addresses.Remove(lost);
            local.Address = null;
        }

        if (step.PullFailed is { } unavailable)
        {
            local.PullTries ??= [];
            local.PullTries[unavailable] = new PullTries((local.PullTries.GetValueOrDefault(unavailable)?.Count ?? 0) + 1, services.Clock.Now);
        }

        foreach (var action in step.Actions)
        {
            runtime.Act(local.Item, local.Address, action);
        }

        foreach (var container in step.Forgiven)
        {
            (local.ForgivenAt ??= [])[container] = pod.Status.ContainerStatuses?.Concat(pod.Status.InitContainerStatuses ?? []).FirstOrDefault(status => status.Name == container)?.RestartCount ?? 0;
        }

        var again = step switch
        {
            { NeedsPodIP: true } => GiveAddress(local),
            { Status: { } status } => Took(key, local, await Pod(local).ReportStatus(local.Item.Uid, new Model(status))),
            { Deletion: FinalDeletion.MarkGraceZero } => Took(key, local, await Pod(local).MarkGraceZero(local.Item.Uid)),
            { Deletion: FinalDeletion.Remove } => Took(key, local, await Pod(local).FinishDeletion(local.Item.Uid)),
            _ => false,
        };
        foreach (var told in step.Events)
        {
            services.Events.Record(told, local.Item);
        }

        if (!again && step.DueAt is { } due)
        {
            services.Wheel.Schedule(key, due, () => wake(key));
        }

        return again;
    }

    private KubeletSituation Situation(LocalPod local, V1Pod pod) => new()
    {
        Pod = pod,
        NodeName = nodeName,
        HostIP = node()?.Status?.Addresses?.FirstOrDefault(address => address.Type == "InternalIP")?.Address ?? "",
        PodIP = local.Address,
        VolumesReady = local.VolumesReady,
        ImagePresent = ImagesOf(pod).All(images.Contains),
        Refusal = pod.Status?.StartTime is null && node() is { } machine ? PodAdmission.Check(pod, pods.Values.Select(other => other.Outline), machine) : null,
        BootedAt = node() is { } booted ? NodePower.BootedAt(booted) : null,
        ForgivenAt = local.ForgivenAt,
        Since = local.Since,
        StopAnnounced = local.StopAnnounced,
        PullAnnounced = local.PullAnnounced,
        KillAnnounced = local.KillAnnounced,
        ImageProblems = pod.Status?.Phase is "Running" ? NoProblems : runtime.ImageProblemsOf(pod),
        PullTries = local.PullTries ?? NoTries,
        RunForReal = runtime.RealOf(pod, local.RunForReal ??= runtime.KindsOf(pod)),
        Runs = runtime.RunsOf(local.Item.Uid),
        Now = services.Clock.Now,
        Latencies = latencies,
    };

    private bool GiveAddress(LocalPod local)
    {
        var range = node()?.Spec?.PodCIDR;
        local.Address = range is null ? null : NodeAddresses.Allocate(range, addresses, lastAddress);
        if (local.Address is null)
        {
            return false;
        }

        addresses.Add(local.Address);
        lastAddress = local.Address;
        return true;
    }

    /// <summary>Takes the pod's answer in. False when there is nothing more to do: it is gone, or nothing changed.</summary>
    private bool Took(string key, LocalPod local, ObjectReply reply)
    {
        if (reply.Refused || reply.Outcome == WriteOutcome.Removed)
        {
            // Refused: the pod of this uid is gone, and what took its name will be observed.
            Forget(key, local);
            return false;
        }

        if (reply.Object!.ResourceVersion > local.Item.ResourceVersion)
        {
            local.Item = reply.Object;
            local.Since = services.Clock.Now;
            runtime.Observe(reply.Object);
        }

        return reply.Outcome != WriteOutcome.Unchanged;
    }

    private async Task<bool> VolumesReadyAsync(V1Pod pod)
    {
        foreach (var volume in pod.Spec.Volumes ?? [])
        {
            if (volume.PersistentVolumeClaim is { } claim && !await IsBoundAsync(pod.Metadata.NamespaceProperty, claim.ClaimName))
            {
                return false;
            }
        }

        return true;
    }

    // The silo's copy may lag; the claim's own grain knows.
    private async Task<bool> IsBoundAsync(string space, string name) =>
        IsBound(services.Replicas.Find(ResourceKinds.PersistentVolumeClaims.Key(space, name)))
        || IsBound((await services.Observers.Claim(space, name).ReadObject())?.Object);

    private static bool IsBound(StoredObject? claim) => claim?.As<V1PersistentVolumeClaim>().Status?.Phase == "Bound";

    private static IEnumerable<string> ImagesOf(V1Pod pod) =>
        (pod.Spec.InitContainers ?? []).Concat(pod.Spec.Containers).Select(container => container.Image);

    private bool IsMine(string key, LocalPod local) => pods.TryGetValue(key, out var mine) && mine == local;

    private Pods.IPodGrain Pod(LocalPod local) => services.Observers.Pod(local.Item.Key.Namespace, local.Item.Key.Name);

    [LoggerMessage(Level = LogLevel.Warning, Message = "A step of {Pod} on {Node} failed; it is tried again")]
    private partial void LogStepFailed(Exception failure, string pod, string node);
}
