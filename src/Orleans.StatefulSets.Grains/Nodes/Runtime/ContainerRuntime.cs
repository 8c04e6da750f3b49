using System.Collections.Concurrent;
using k8s.Models;
using Microsoft.Extensions.Logging;
using Orleans.StatefulSets.Reconciliation.Nodes;
using Orleans.StatefulSets.Reconciliation.Pods;
using Orleans.StatefulSets.Resources.Objects;
using Orleans.StatefulSets.Workloads.Files;

namespace Orleans.StatefulSets.Grains.Nodes.Runtime;

/// <summary>
/// The container runtime of one node: makes the insides of its pods, and does to their containers what the kubelet says. A pod whose
/// containers are known without running has none until somebody looks. What lives here dies with the node's activation, as with a machine.
/// </summary>
/// <param name="services">What it works with.</param>
/// <param name="nodeName">The node.</param>
/// <param name="node">The node's object, null when it is gone.</param>
/// <param name="wake">Wakes the kubelet for a pod's key.</param>
/// <param name="busy">Told whether there is anything to lose.</param>
internal sealed partial class ContainerRuntime(RuntimeServices services, string nodeName, Func<V1Node?> node, Action<string> wake, Action<bool> busy)
{
    private static readonly IReadOnlyDictionary<string, ContainerRun> NoRuns = new Dictionary<string, ContainerRun>();

    private readonly ContainerMarks marks = new(services.Trees, nodeName, services.Settings.NodeDiskBytes, services.Volumes.Begin());
    private readonly ConcurrentDictionary<string, LivePod> pods = new(StringComparer.Ordinal);

    // What of a pod is still under way to its volumes after it is gone from here.
    private readonly ConcurrentDictionary<string, Task> closing = new(StringComparer.Ordinal);

    /// <summary>The node goes on elsewhere.</summary>
    public bool IsOver { get; private set; }

    /// <summary>Whether there is anything to lose.</summary>
    public bool IsBusy => !pods.IsEmpty;

    /// <summary>Reads what a runtime of before left on the node's disk.</summary>
    public async Task LoadAsync()
    {
        try
        {
            await marks.LoadAsync();
        }
        catch (FileException failure)
        {
            // The node works without: a container may then go on with a fresh layer.
            LogMarksLost(services.Logger, failure, nodeName);
        }
    }

    /// <summary>The containers of a pod that are the runtime's business: those that must run, and servers that somebody has asked.</summary>
    public IReadOnlySet<string> RealOf(V1Pod pod, IReadOnlySet<string> kinds)
    {
        if (!pods.TryGetValue(pod.Metadata.Uid, out var live))
        {
            return kinds;
        }

        var asked = pod.Spec.Containers.Where(container => live.Runs.ContainsKey(container.Name) && services.Kinds.RunsWhenAsked(pod, container)).Select(container => container.Name).ToList();
        return asked.TrueForAll(kinds.Contains) ? kinds : kinds.Concat(asked).ToHashSet(StringComparer.Ordinal);
    }

    /// <summary>The names of a pod's containers that must run: from their start on, or because what was changed in them is lost with a runtime of before.</summary>
    public IReadOnlySet<string> KindsOf(V1Pod pod)
    {
        var kinds = services.Kinds.Of(pod);
        var lost = (pod.Status?.ContainerStatuses ?? []).Where(status => marks.Has(pod.Metadata.Uid, status.Name, status.RestartCount)).Select(status => status.Name).ToList();
        return lost.Count == 0 ? kinds : kinds.Concat(lost).ToHashSet(StringComparer.Ordinal);
    }

    /// <summary>The containers of a pod whose image can't be had.</summary>
    public IReadOnlyDictionary<string, ImageProblem> ImageProblemsOf(V1Pod pod) => services.Pulls.ProblemsOf(pod);

    /// <summary>What is said of a container's image while its registry does not answer; null where the name is none.</summary>
    public ImageProblem? UnreachableImageOf(V1Pod pod, string container) => Find(pod, container) is { } found ? UnavailableImages.Unreachable(found) : null;

    /// <summary>A pod has containers that must run, and nothing here runs for it.</summary>
    public bool HasLost(StoredObject item) => !pods.ContainsKey(item.Uid) && item.As<V1Pod>() is { Status.Phase: "Running" } pod && KindsOf(pod).Count > 0;

    /// <summary>What is known of a pod's containers.</summary>
    public IReadOnlyDictionary<string, ContainerRun> RunsOf(string uid) =>
        pods.TryGetValue(uid, out var live) ? new Dictionary<string, ContainerRun>(live.Runs, StringComparer.Ordinal) : NoRuns;

    /// <summary>A pod's inside; null where it has none.</summary>
    public LivePod? Find(string uid) => pods.GetValueOrDefault(uid);

    /// <summary>Begins what the kubelet asks for; the kubelet is woken when there is news of it.</summary>
    public void Act(StoredObject item, string? address, ContainerAction action)
    {
        var pod = item.As<V1Pod>();
        if (IsOver || Find(pod, action.Container) is not { } container)
        {
            return;
        }

        if (action.Verb == ContainerVerb.Start)
        {
            LiveOf(item, address).StartAsync(container, action.Restarts, isKnown: false).Ignore();
        }
        else if (pods.TryGetValue(item.Uid, out var live))
        {
            switch (action.Verb)
            {
                case ContainerVerb.Kill:
                    live.Kill(action.Container, action.Restarts);
                    break;
                case ContainerVerb.Stop when pod.Metadata.DeletionGracePeriodSeconds is { } grace:
                    // The kubelet itself sees to it that the pod's grace period is kept.
                    live.StopAsync(container, action.Restarts, TimeSpan.FromSeconds(grace)).Ignore();
                    break;
                default:
                    live.EndAsync(container, action.Restarts, TimeSpan.FromSeconds(live.GraceSeconds)).Ignore();
                    break;
            }
        }
    }

    /// <summary>
    /// The pod's inside, made now where nobody looked before: its running containers run, as they would have all the time. Those that must
    /// run are the kubelet's to start.
    /// </summary>
    /// <param name="item">The pod.</param>
    /// <param name="address">Its address.</param>
    /// <param name="kinds">The containers that must run.</param>
    /// <returns>Null where nothing of the pod runs.</returns>
    public async Task<LivePod?> LookAsync(StoredObject item, string? address, IReadOnlySet<string> kinds)
    {
        var pod = item.As<V1Pod>();
        foreach (var container in Containers(pod).Where(container => !IsOver && !kinds.Contains(container.Name)))
        {
            if (StatusOf(pod, container.Name) is var status && IsAlive(status) && IsToBegin(item.Uid, status!, services.Kinds.RunsWhenAsked(pod, container)))
            {
                LiveOf(item, address).StartAsync(container, status!.RestartCount, isKnown: true).Ignore();
            }
        }

        if (!pods.TryGetValue(item.Uid, out var live))
        {
            return null;
        }

        await live.BegunAsync();
        return live;
    }

    /// <summary>
    /// The pod has a new revision. Of a container whose life is known without running, the inside follows what is said of it; and in a pod
    /// that is over, evicted for one, nothing runs any more.
    /// </summary>
    public void Observe(StoredObject item, IReadOnlySet<string> kinds)
    {
        if (!pods.TryGetValue(item.Uid, out var live))
        {
            return;
        }

        live.Observe(item);
        var pod = item.As<V1Pod>();
        var real = RealOf(pod, kinds);
        foreach (var (name, run) in live.Runs.Where(pair => pair.Value.Exit is null))
        {
            if (PodReadiness.IsTerminal(pod) || (!real.Contains(name) && !(StatusOf(pod, name) is { State.Running: not null } status && status.RestartCount == run.Restarts)))
            {
                live.Kill(name, run.Restarts);
            }
        }
    }

    /// <summary>The pod is gone, with all that was in it.</summary>
    public void Delete(StoredObject item)
    {
        var pod = item.As<V1Pod>();
        if (pods.ContainsKey(item.Uid) || marks.HasAny(item.Uid) || pod.Spec.Volumes?.Any(volume => volume.EmptyDir is not null) == true)
        {
            DeleteAsync(item, pod).Ignore();
        }
    }

    /// <summary>What ran of a pod is over: the machine went off under it.</summary>
    public void Forget(string uid) => ForgetAsync(uid).Ignore();

    /// <summary>The machine hangs, and all that runs on it stands still; or it goes on, and so does that.</summary>
    public void Freeze(bool frozen)
    {
        foreach (var live in pods.Values)
        {
            live.Freeze(frozen);
        }
    }

    /// <summary>The node goes on elsewhere: everything here ends, and nothing begins any more, whatever was about to.</summary>
    /// <returns>Completes when nothing of it is under way to a volume any more.</returns>
    public Task EndAsync()
    {
        IsOver = true;
        return Task.WhenAll([.. pods.Keys.ToList().Select(ForgetAsync), .. closing.Values, marks.CloseAsync()]);
    }

    /// <summary>The machine goes off: everything on it ends.</summary>
    public void ForgetAll()
    {
        foreach (var uid in pods.Keys.ToList())
        {
            Forget(uid);
        }
    }

    private Task ForgetAsync(string uid)
    {
        if (!pods.TryRemove(uid, out var live))
        {
            return Task.CompletedTask;
        }

        busy(IsBusy);
        return CloseAsync(uid, live);
    }

    private async Task DeleteAsync(StoredObject item, V1Pod pod)
    {
        if (pods.TryRemove(item.Uid, out var live))
        {
            busy(IsBusy);
            await CloseAsync(item.Uid, live);
        }
        else
        {
            await closing.GetValueOrDefault(item.Uid, Task.CompletedTask);
        }

        try
        {
            await services.Volumes.DeleteAsync(pod);
            await marks.RemoveAsync(item.Uid);
        }
        catch (Exception failure)
        {
            LogLeft(services.Logger, failure, item.Key.ToString(), nodeName);
        }
    }

    private async Task CloseAsync(string uid, LivePod live)
    {
        var closed = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        closing[uid] = closed.Task;
        try
        {
            await live.CloseAsync();
        }
        catch (Exception failure)
        {
            LogLeft(services.Logger, failure, uid, nodeName);
        }
        finally
        {
            closing.TryRemove(new KeyValuePair<string, Task>(uid, closed.Task));
            closed.SetResult();
        }
    }

    // What ran before the machine came up again is dead, whatever is still said of it.
    private bool IsAlive(V1ContainerStatus? status) =>
        status?.State?.Running is { } running && !(node() is { } machine && NodePower.BootedAt(machine) > running.StartedAt);

    // One that somebody has asked is the kubelet's from then on; the life of any other is known, and its inside begins with each of its instances.
    private bool IsToBegin(string uid, V1ContainerStatus status, bool runsWhenAsked) =>
        !pods.TryGetValue(uid, out var live) || !live.Runs.TryGetValue(status.Name, out var run)
        || (!runsWhenAsked && (run.Restarts < status.RestartCount || run.Exit is not null));

    private LivePod LiveOf(StoredObject item, string? address)
    {
        if (!pods.TryGetValue(item.Uid, out var live))
        {
            var key = item.Key.ToString();
            pods[item.Uid] = live = new LivePod(
                services, nodeName, node, marks, item, address ?? PodReadiness.PodIP(item.As<V1Pod>()), closing.GetValueOrDefault(item.Uid, Task.CompletedTask), () => wake(key));
            busy(true);
        }

        return live;
    }

    private static IEnumerable<V1Container> Containers(V1Pod pod) => pod.Spec.Containers.Concat(pod.Spec.InitContainers ?? []);

    private static V1Container? Find(V1Pod pod, string name) => Containers(pod).FirstOrDefault(container => container.Name == name);

    private static V1ContainerStatus? StatusOf(V1Pod pod, string name) =>
        (pod.Status?.ContainerStatuses ?? []).Concat(pod.Status?.InitContainerStatuses ?? []).FirstOrDefault(status => status.Name == name);

    [LoggerMessage(Level = LogLevel.Warning, Message = "What containers of {Node} had changed could not be read")]
    private static partial void LogMarksLost(ILogger logger, Exception failure, string node);

    [LoggerMessage(Level = LogLevel.Warning, Message = "Not all that was left of {Pod} on {Node} could be put away")]
    private static partial void LogLeft(ILogger logger, Exception failure, string pod, string node);
}
