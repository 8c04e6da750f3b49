using k8s.Models;
using Microsoft.Extensions.Logging;
using Orleans.Concurrency;
using Orleans.StatefulSets.Grains.Objects;
using Orleans.StatefulSets.Grains.Replicas;
using Orleans.StatefulSets.Reconciliation.Pods;
using Orleans.StatefulSets.Reconciliation.Scheduling;
using Orleans.StatefulSets.Resources.Kinds;
using Orleans.StatefulSets.Resources.Objects;

namespace Orleans.StatefulSets.Grains.Scheduling;

/// <inheritdoc cref="ISchedulerGrain"/>
/// <remarks>
/// It decides from a summary and binds behind its own back, so that it never waits. A pod that no node will take is tried again when
/// something changed that may help it (a pod, a node, a claim, a volume, a namespace), not by polling.
/// </remarks>
[Reentrant]
[KeepAlive]
internal sealed partial class SchedulerGrain(ObjectServices services, ILogger<SchedulerGrain> logger) : ClusterGrain, ISchedulerGrain
{
    private readonly SchedulerSummary summary = new(seed: 0)
    {
        Budgets = () => services.Replicas.List(ResourceKinds.PodDisruptionBudgets.Resource, null).Select(item => item.As<V1PodDisruptionBudget>()),
    };

    private readonly ClaimReader claimReader = new(services);
    private readonly Dictionary<ObjectKey, StoredObject> waiting = [];
    private readonly SchedulingQueue queue = new();
    private readonly HashSet<ObjectKey> unschedulable = [];
    private readonly HashSet<ObjectKey> failed = [];
    private readonly VolumeWaits volumeWaits = new();
    private PreemptionWrites preemption = null!;
    private Action<ObjectChange>? hear;
    private bool scheduling;
    private long heardOfVolumes;

    /// <inheritdoc/>
    public override async Task OnActivateAsync(CancellationToken cancellationToken)
    {
        await base.OnActivateAsync(cancellationToken);
        await services.Replicas.Loaded.WaitAsync(cancellationToken);
        await services.Replicas.Objects.WaitForHeadAsync(cancellationToken);
        preemption = new PreemptionWrites(services, ObservePod);
        var self = this.AsReference<ISchedulerGrain>();
        hear = change =>
        {
            if (SchedulingNews.IsHeardFromReplica(change))
            {
                self.Observe(change.Object, change.Type == ChangeType.Deleted).Ignore();
            }
        };
        services.Replicas.Objects.Applied += hear;
        Refill();
        LogBegan(services.Replicas.Objects.Head, waiting.Count);
    }

    /// <inheritdoc/>
    public override Task OnDeactivateAsync(DeactivationReason reason, CancellationToken cancellationToken)
    {
        services.Replicas.Objects.Applied -= hear;
        return base.OnDeactivateAsync(reason, cancellationToken);
    }

    /// <inheritdoc/>
    public Task Observe(StoredObject item, bool deleted)
    {
        switch (item.Key.Resource)
        {
            case "nodes":
                ObserveNode(item, deleted);
                break;
            case "pods":
                ObservePod(item, deleted);
                break;
            case "persistentvolumeclaims":
                ObserveClaim(item);
                break;
            case "namespaces":
                ObserveNamespace(item, deleted);
                break;
            case "persistentvolumes" or "storageclasses.storage.k8s.io":
                heardOfVolumes++;
                RetryUnschedulable(waits => waits.As<V1Pod>().Spec.Volumes?.Any(volume => volume.PersistentVolumeClaim is not null) == true);
                break;
        }

        return Task.CompletedTask;
    }

    /// <inheritdoc/>
    public Task Nudge()
    {
        foreach (var pod in services.Replicas.Unfinished.Keys().Where(key => key.Resource == ResourceKinds.Pods.Resource).Select(services.Replicas.Find).OfType<StoredObject>())
        {
            ObservePod(pod, deleted: false);
        }

        // A claim keeps the chosen node in its memory until it is bound, and that may be lost with its silo: it is told again.
        foreach (var (claim, node) in volumeWaits.Claims)
        {
            _ = SelectNodeAsync(claim, node);
        }

        CatchUpWithNodes();

        // What failed is tried again, and what no node would take too: the news that would have helped may have got lost.
        foreach (var key in failed)
        {
            Enqueue(key);
        }

        failed.Clear();
        RetryUnschedulable();
        return Task.CompletedTask;
    }

    private void Refill()
    {
        foreach (var space in services.Replicas.List(ResourceKinds.Namespaces.Resource, null))
        {
            summary.ObserveNamespace(space.Key.Name, space.Labels, space.ResourceVersion);
        }

        foreach (var node in services.Replicas.List(ResourceKinds.Nodes.Resource, null))
        {
            summary.ObserveNode(node.As<V1Node>(), node.ResourceVersion);
        }

        foreach (var pod in services.Replicas.List(ResourceKinds.Pods.Resource, null))
        {
            ObservePod(pod, deleted: false);
        }
    }

    // The word of a node may have been lost with a silo.
    private void CatchUpWithNodes()
    {
        var known = summary.NodeVersions;
        var head = services.Replicas.Objects.Head;
        HashSet<string> gone = [.. known.Where(node => node.Value <= head).Select(node => node.Key)];
        foreach (var node in services.Replicas.List(ResourceKinds.Nodes.Resource, null))
        {
            gone.Remove(node.Key.Name);
            if (known.GetValueOrDefault(node.Key.Name) < node.ResourceVersion)
            {
                ObserveNode(node, deleted: false);
            }
        }

        foreach (var name in gone)
        {
            summary.RemoveNode(name);
        }
    }

    private void ObserveNode(StoredObject item, bool deleted)
    {
        if (deleted)
        {
            summary.RemoveNode(item.Key.Name);
        }
        else
        {
            summary.ObserveNode(item.As<V1Node>(), item.ResourceVersion);
        }

        RetryUnschedulable();
    }

    private void ObserveNamespace(StoredObject item, bool deleted)
    {
        if (deleted)
        {
            summary.RemoveNamespace(item.Key.Name);
        }
        else
        {
            summary.ObserveNamespace(item.Key.Name, item.Labels, item.ResourceVersion);
        }

        RetryUnschedulable(SchedulingNews.AsksAboutPods);
    }

    private void ObservePod(StoredObject item, bool deleted)
    {
        var pod = item.As<V1Pod>();
        var concerned = !deleted && !PodReadiness.IsScheduled(pod) && !PodReadiness.IsTerminating(pod) && !PodReadiness.IsTerminal(pod)
            && pod.Spec.SchedulerName is null or SchedulerKeys.Default;
        if (!concerned)
        {
            LetGo(item, pod, deleted);
            return;
        }

        if (waiting.TryGetValue(item.Key, out var known) && known.Uid == item.Uid)
        {
            if (known.ResourceVersion < item.ResourceVersion)
            {
                waiting[item.Key] = item;
                if (SchedulingNews.ChangesItsTurn(known, item))
                {
                    unschedulable.Remove(item.Key);
                    Enqueue(item.Key);
                }
            }

            return;
        }

        waiting[item.Key] = item;
        summary.ObserveWaiting(pod);
        Enqueue(item.Key);
    }

    private void LetGo(StoredObject item, V1Pod pod, bool deleted)
    {
        if (waiting.Remove(item.Key, out var mine) | unschedulable.Remove(item.Key) | failed.Remove(item.Key))
        {
            volumeWaits.Forget(item.Key);
            if (mine is not null && (deleted || !PodReadiness.IsScheduled(pod)))
            {
                summary.Forget(mine.As<V1Pod>());
            }
        }

        if (deleted)
        {
            summary.RemovePod(item.Key, item.ResourceVersion);
        }
        else
        {
            summary.ObservePod(pod, item.ResourceVersion);
        }

        if (deleted || PodReadiness.IsTerminal(pod))
        {
            RetryUnschedulable();
        }
        else
        {
            RetryUnschedulable(SchedulingNews.AsksAboutPods);
        }
    }

    private void ObserveClaim(StoredObject item)
    {
        if (item.As<V1PersistentVolumeClaim>().Status?.Phase != "Bound")
        {
            return;
        }

        heardOfVolumes++;
        foreach (var (pod, node) in volumeWaits.Bound(item.Key))
        {
            if (waiting.TryGetValue(pod, out var bindable))
            {
                _ = BindAsync(bindable, node);
            }
        }

        RetryUnschedulable();
    }

    private void RetryUnschedulable(Func<StoredObject, bool>? concerned = null)
    {
        if (unschedulable.Count == 0)
        {
            return;
        }

        foreach (var key in unschedulable.Where(key => concerned is null || (waiting.TryGetValue(key, out var item) && concerned(item))).ToList())
        {
            unschedulable.Remove(key);
            Enqueue(key);
        }
    }

    private void Enqueue(ObjectKey key)
    {
        queue.Enqueue(key, waiting.TryGetValue(key, out var item) ? item.As<V1Pod>().Spec.Priority ?? 0 : 0);
        if (!scheduling)
        {
            scheduling = true;
            _ = ScheduleAsync();
        }
    }
}
