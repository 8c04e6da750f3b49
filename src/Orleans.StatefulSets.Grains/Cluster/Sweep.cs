using k8s.Models;
using Microsoft.Extensions.Logging;
using Orleans.StatefulSets.Grains.Files;
using Orleans.StatefulSets.Grains.GarbageCollection;
using Orleans.StatefulSets.Grains.Objects;
using Orleans.StatefulSets.Grains.Replicas;
using Orleans.StatefulSets.Resources.Kinds;
using Orleans.StatefulSets.Resources.Objects;

namespace Orleans.StatefulSets.Grains.Cluster;

/// <summary>
/// Every few seconds looks for what is unfinished and nudges the grain that should finish it: whatever message was lost with a silo is
/// made good, and after a restart of everything all work goes on. Each silo sweeps its share of the keys; what is finished costs nothing.
/// </summary>
internal sealed partial class Sweep : ISiloStatusListener
{
    private static readonly TimeSpan Period = TimeSpan.FromSeconds(10);

    // What is on its way when a silo is lost arrives, or fails, within a moment.
    private static readonly TimeSpan AfterALoss = TimeSpan.FromMilliseconds(500);

    private const int LooksAfterAChange = 3;
    private const int NodesAtOnce = 2;

    /// <summary>The kinds whose objects sum up what others say.</summary>
    private static readonly ResourceKind[] CountingKinds = [ResourceKinds.Services, ResourceKinds.PodDisruptionBudgets, ResourceKinds.ResourceQuotas, ResourceKinds.Namespaces];

    private readonly ReplicaSet replicas;
    private readonly ObjectRoutes routes;
    private readonly Vacancies vacancies;
    private readonly EventExpiry expiry;
    private readonly FileSweep files;
    private readonly ISiloStatusOracle silos;
    private readonly TimeProvider wall;
    private readonly ILogger<Sweep> logger;
    private readonly CancellationTokenSource stopping = new();
    private TaskCompletionSource lost = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private Task running = Task.CompletedTask;
    private Task looking = Task.CompletedTask;
    private (long Head, string Silos) swept = (-1, "");
    private int looksLeft;
    private int nodeLooksLeft;
    private bool leftovers;

    public Sweep(ReplicaSet replicas, ObjectRoutes routes, Vacancies vacancies, EventExpiry expiry, FileSweep files, ISiloStatusOracle silos, TimeProvider wall, ILogger<Sweep> logger)
    {
        this.replicas = replicas;
        this.routes = routes;
        this.vacancies = vacancies;
        this.expiry = expiry;
        this.files = files;
        this.silos = silos;
        this.wall = wall;
        this.logger = logger;
    }

    public void Start()
    {
        silos.SubscribeToSiloStatusEvents(this);
        running = Task.Run(RunAsync);
    }

    /// <summary>A silo that is lost took messages with it: what they would have said is looked for at once.</summary>
    public void SiloStatusChangeNotification(SiloAddress updatedSilo, SiloStatus status)
    {
        if (status == SiloStatus.Dead)
        {
            lost.TrySetResult();
        }
    }

    public async Task StopAsync()
    {
        silos.UnSubscribeFromSiloStatusEvents(this);
        await stopping.CancelAsync();
        await running;
        await looking.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
    }

    /// <summary>Nudges, once, everything unfinished that falls to this silo.</summary>
    public void SweepOnce()
    {
        vacancies.Look();
        var active = silos.GetApproximateSiloStatuses(onlyActive: true).Keys.Order().ToList();
        var share = ShareOf(active);
        HashSet<string> nodes = [];
        var pendingPods = false;
        foreach (var key in replicas.Unfinished.Keys())
        {
            if (!share(key))
            {
                continue;
            }

            routes.Find(key)?.Nudge().Ignore();
            if (key.Resource == ResourceKinds.Pods.Resource && replicas.Find(key)?.As<V1Pod>() is { } pod)
            {
                pendingPods |= string.IsNullOrEmpty(pod.Spec.NodeName);
                if (pod.Spec.NodeName is { Length: > 0 } node)
                {
                    nodes.Add(node);
                }
            }
        }

        foreach (var node in nodes)
        {
            routes.Node(node).Nudge().Ignore();
        }

        if (pendingPods)
        {
            routes.Scheduler().Nudge().Ignore();
        }

        SweepWhatChanged(share, (replicas.Objects.Head, string.Join(' ', active)));
    }

    // Endpoints, budgets and ownership have no mark of their own that says "unfinished"; they are looked at while the cluster or its silos change,
    // and some times after, because the nudge may get lost like any message.
    private void SweepWhatChanged(Func<ObjectKey, bool> share, (long Head, string Silos) now)
    {
        if (now == swept && looksLeft == 0)
        {
            SweepLeftovers(share);
            return;
        }

        if (now.Silos != swept.Silos)
        {
            nodeLooksLeft = now.Silos.Contains(' ') ? LooksAfterAChange : 1;
        }

        if (nodeLooksLeft > 0 && looking.IsCompleted)
        {
            // More than once: that a silo that joined takes grains is known a moment after that it is there.
            nodeLooksLeft--;
            looking = LookAtNodesAsync(share);
        }

        looksLeft = now == swept ? looksLeft - 1 : LooksAfterAChange;
        swept = now;

        foreach (var kind in CountingKinds)
        {
            foreach (var item in replicas.List(kind.Resource, null).Where(item => share(item.Key)))
            {
                routes.Find(item.Key)!.Nudge().Ignore();
            }
        }

        leftovers = true;
        SweepLeftovers(share);
    }

    // What is found here is looked at until it is gone, or about to: whoever was told may be lost, or have met a cluster that had not settled yet.
    private void SweepLeftovers(Func<ObjectKey, bool> share)
    {
        if (!leftovers)
        {
            return;
        }

        leftovers = false;

        // Pods whose node is gone wait for nobody but the collector of its name.
        foreach (var node in replicas.Nodes.Names().Select(name => ResourceKinds.Nodes.Key("", name)).Where(key => share(key) && replicas.Find(key) is null))
        {
            leftovers = true;
            routes.Find(node)!.Nudge().Ignore();
        }

        // A volume that has not heard of its claim's end.
        foreach (var key in replicas.Volumes.WithoutClaim().Where(share))
        {
            // One that is retained is released, and stays.
            if (replicas.Find(key)?.As<V1PersistentVolume>() is { } volume
                && (volume.Spec.PersistentVolumeReclaimPolicy == "Delete" || volume.Status?.Phase is not ("Released" or "Failed")))
            {
                leftovers = true;
                routes.Find(key)!.Nudge().Ignore();
            }
        }

        foreach (var uid in replicas.Owners.OwnerUids())
        {
            var dependents = replicas.Owners.DependentsOf(uid).Select(replicas.Find).OfType<StoredObject>();
            var reference = dependents
                .Select(item => (item.Key.Namespace, Reference: item.Metadata.OwnerReferences?.FirstOrDefault(owner => owner.Uid == uid)))
                .FirstOrDefault(pair => pair.Reference is not null);
            if (reference.Reference is { } owner && OwnerKeys.Of(owner, reference.Namespace) is { } key && share(key) && replicas.Find(key)?.Uid != uid)
            {
                leftovers |= dependents.Any(item => item.Metadata.DeletionTimestamp is null);
                routes.Collector(uid).Collect(key).Ignore();
            }
        }
    }

    // What ran in pods was lost with its node's silo, and nothing that is stored says so: each node looks at its pods again. A few at a
    // time: clients wait for the cores too.
    private Task LookAtNodesAsync(Func<ObjectKey, bool> share) => Parallel.ForEachAsync(
        replicas.List(ResourceKinds.Nodes.Resource, null).Select(item => item.Key).Where(share).Select(key => key.Name),
        new ParallelOptions { MaxDegreeOfParallelism = NodesAtOnce, CancellationToken = stopping.Token },
        async (node, _) => await ((Task)routes.Node(node).Nudge()).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing));

    // By the rank of this silo among the active ones; for the moment in which two silos disagree, a key is nudged twice or 10 s later.
    private Func<ObjectKey, bool> ShareOf(List<SiloAddress> active)
    {
        var rank = active.IndexOf(silos.SiloAddress);
        return rank < 0 || active.Count == 1 ? _ => true : key => StableHash(key) % (uint)active.Count == (uint)rank;
    }

    private static uint StableHash(ObjectKey key) => (uint)key.ToString().Aggregate(2166136261u, (hash, letter) => (hash ^ letter) * 16777619u);

    private async Task RunAsync()
    {
        try
        {
            while (!stopping.IsCancellationRequested)
            {
                try
                {
                    SweepOnce();
                    await expiry.ExpireAsync();
                    await files.SweepAsync();
                }
                catch (Exception failure) when (failure is not OperationCanceledException)
                {
                    LogFailed(failure);
                }

                await WaitAsync();
            }
        }
        catch (OperationCanceledException)
        {
            // The silo stops.
        }
    }

    private async Task WaitAsync()
    {
        if (await Task.WhenAny(Task.Delay(Period, wall, stopping.Token), lost.Task) == lost.Task)
        {
            lost = new(TaskCreationOptions.RunContinuationsAsynchronously);
            await Task.Delay(AfterALoss, wall, stopping.Token);
        }
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "A sweep failed")]
    private partial void LogFailed(Exception failure);
}
