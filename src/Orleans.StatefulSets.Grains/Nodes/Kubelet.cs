using k8s.Models;
using Microsoft.Extensions.Logging;
using Orleans.StatefulSets.Grains.Messages;
using Orleans.StatefulSets.Grains.Nodes.Runtime;
using Orleans.StatefulSets.Grains.Objects;
using Orleans.StatefulSets.Grains.Replicas;
using Orleans.StatefulSets.Reconciliation.Faults;
using Orleans.StatefulSets.Reconciliation.Nodes;
using Orleans.StatefulSets.Reconciliation.Pods;
using Orleans.StatefulSets.Resources.Kinds;
using Orleans.StatefulSets.Resources.Objects;

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
    private static readonly TimeSpan CopyPatience = TimeSpan.FromSeconds(5);
    private static readonly IReadOnlyDictionary<string, ImageProblem> NoProblems = new Dictionary<string, ImageProblem>();
    private static readonly IReadOnlyDictionary<string, ArmedFault> NoFaults = new Dictionary<string, ArmedFault>();
    private static readonly IReadOnlyDictionary<string, PullTries> NoTries = new Dictionary<string, PullTries>();

    private readonly Dictionary<string, LocalPod> pods = [];
    private readonly HashSet<string> addresses = [];
    private readonly HashSet<string> images = [];

    // A node without an object is a machine that was taken away.
    private bool IsOn => IsConfirmed && !runtime.IsOver && node() is { } machine && !NodePower.IsSilent(machine);

    /// <summary>The silo's copy has come to where the journal was when the node began: what it says of the pods is true, and they go on.</summary>
    public void Confirm()
    {
        if (!IsConfirmed)
        {
            IsConfirmed = true;
            Refill();
            WakeAll();
        }
    }

    /// <summary>Takes over the pods that are bound to the node by what is stored, and goes on with each.</summary>
    public void Refill()
    {
        // Read first: what the index has not heard of by then is not missed in it.
        var head = services.Replicas.Objects.Followed;
        var bound = services.Replicas.Nodes.PodsOn(nodeName);
        foreach (var key in bound)
        {
            if (services.Replicas.Find(key) is { } item && item.As<V1Pod>().Spec.NodeName == nodeName)
            {
                Observe(item, deleted: false);
                if (UnfinishedIndex.IsUnfinished(item) || runtime.HasLost(item))
                {
                    // Also without news: the wait for its next step may have got lost.
                    Wake(key.ToString());
                }
            }
        }

        var stored = bound.Select(key => key.ToString()).ToHashSet();
        foreach (var (key, local) in pods.Where(pair => !stored.Contains(pair.Key) && pair.Value.Item.ResourceVersion <= head).ToList())
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
            runtime.Observe(item, KindsOf(local));
            Wake(key);
        }
    }

    /// <summary>The address that was given last: the next one is looked for behind it, as host-local IPAM does.</summary>
    public string? LastAddress { get; set; }

    /// <summary>What it began with may be as old as the silo's copy was: nothing is done to a pod on the word of that before <see cref="Confirm"/>.</summary>
    public bool IsConfirmed { get; private set; }

    /// <summary>Whether no pod is bound to the node.</summary>
    public bool IsEmpty => pods.Count == 0;

    /// <summary>A pod's inside, where the pod runs here.</summary>
    /// <returns>The pod and its inside, where anything of it runs; null where no such pod is bound to the node.</returns>
    public async Task<(V1Pod Pod, LivePod? Live)?> LookAsync(string key)
    {
        if (!pods.TryGetValue(key, out var local))
        {
            return null;
        }

        var live = await runtime.LookAsync(local.Item, local.Address, KindsOf(local));
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

    /// <summary>A container's processes are killed. Where none really run, what is known of it is that they were.</summary>
    /// <returns>False where the pod's container does not run.</returns>
    public bool Kill(string key, string uid, string container)
    {
        if (!pods.TryGetValue(key, out var local) || local.Item.Uid != uid || RunningStatus(local.Item.As<V1Pod>(), container) is not { } status)
        {
            return false;
        }

        if (runtime.RealOf(local.Item.As<V1Pod>(), KindsOf(local)).Contains(container))
        {
            runtime.Find(uid)?.Kill(container, status.RestartCount);
            return true;
        }

        (local.Killed ??= [])[container] = status.RestartCount;
        Wake(key);
        return true;
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

    private static V1ContainerStatus? RunningStatus(V1Pod pod, string container) =>
        (pod.Status?.ContainerStatuses ?? []).Concat(pod.Status?.InitContainerStatuses ?? []).FirstOrDefault(status => status.Name == container && status.State?.Running is not null);

    private IReadOnlySet<string> KindsOf(LocalPod local) => local.RunForReal ??= runtime.KindsOf(local.Item.As<V1Pod>());

    private bool IsMine(string key, LocalPod local) => pods.TryGetValue(key, out var mine) && mine == local;

    private Pods.IPodGrain Pod(LocalPod local) => services.Observers.Pod(local.Item.Key.Namespace, local.Item.Key.Name);

    [LoggerMessage(Level = LogLevel.Warning, Message = "A step of {Pod} on {Node} failed; it is tried again")]
    private partial void LogStepFailed(Exception failure, string pod, string node);
}
