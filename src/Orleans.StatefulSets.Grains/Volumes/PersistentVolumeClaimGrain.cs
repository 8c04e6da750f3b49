using k8s.Models;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Orleans.Concurrency;
using Orleans.StatefulSets.Grains.Messages;
using Orleans.StatefulSets.Grains.Nodes;
using Orleans.StatefulSets.Grains.Objects;
using Orleans.StatefulSets.Reconciliation.Pods;
using Orleans.StatefulSets.Reconciliation.Volumes;
using Orleans.StatefulSets.Resources.Kinds;
using Orleans.StatefulSets.Resources.Objects;
using Orleans.StatefulSets.Resources.Writing;

namespace Orleans.StatefulSets.Grains.Volumes;

/// <inheritdoc cref="IPersistentVolumeClaimGrain"/>
[Reentrant]
internal sealed partial class PersistentVolumeClaimGrain(ObjectServices services, IOptions<NodeSettings> settings, ILogger<PersistentVolumeClaimGrain> logger)
    : ObjectGrain(services), IPersistentVolumeClaimGrain
{
    private const string ProvisionerIsAway = "rpc error: code = DeadlineExceeded desc = context deadline exceeded";

    private static readonly TimeSpan RetryAfter = TimeSpan.FromSeconds(1);

    private readonly Dictionary<string, StoredObject> users = [];
    private StoredObject? volume;
    private string? selectedNode;
    private DateTime? provisioningSince;
    private ProvisioningTries? provisioningTries;
    private DecisionLoop loop = null!;
    private bool failed;

    /// <inheritdoc/>
    public Task<ObjectReply> SelectNode(string nodeName)
    {
        selectedNode = nodeName;
        loop.Wake();
        return Task.FromResult(new ObjectReply { Outcome = WriteOutcome.Unchanged, Object = Current });
    }

    /// <inheritdoc/>
    public override Task Observe(StoredObject item, bool deleted)
    {
        if (item.Key.Resource == ResourceKinds.Pods.Resource)
        {
            ObserveUser(item, deleted);
        }
        else if (volume is null || volume.Key != item.Key || volume.ResourceVersion < item.ResourceVersion)
        {
            volume = deleted ? null : item;
        }

        loop.Wake();
        return Task.CompletedTask;
    }

    /// <inheritdoc/>
    protected override void GoOn()
    {
        RefillUsers();
        loop.Wake();
    }

    /// <inheritdoc/>
    protected override Task LoadedAsync(CancellationToken cancellation)
    {
        loop = NewLoop(DecideAsync, failure =>
        {
            LogFailed(failure, Key);
            failed = true;
            NudgeAt(Now + RetryAfter);
        });
        return Task.CompletedTask;
    }

    /// <inheritdoc/>
    protected override void Committed(Carried carried)
    {
        VolumeNews.TellOfClaim(Services, carried);
        if (carried.Before is null)
        {
            ForgetPast();
        }

        loop.Wake();
    }

    /// <inheritdoc/>
    protected override void CaughtUp(StoredObject? before, bool isBeginning)
    {
        if (before?.Uid != Current?.Uid)
        {
            ForgetPast();
        }
    }

    private void ForgetPast() => (selectedNode, provisioningSince, provisioningTries, volume) = (null, null, null, null);

    private void ObserveUser(StoredObject item, bool deleted)
    {
        if (users.TryGetValue(item.Key.Name, out var known) && known.ResourceVersion >= item.ResourceVersion)
        {
            return;
        }

        if (deleted || PodReadiness.IsTerminal(item.As<V1Pod>()))
        {
            users.Remove(item.Key.Name);
        }
        else
        {
            users[item.Key.Name] = item;
        }
    }

    private void RefillUsers()
    {
        if (!IsLeaving)
        {
            return;
        }

        var head = Services.Replicas.Objects.Followed;
        var found = new HashSet<string>();
        foreach (var pod in Services.Replicas.Claims.UsersOf(Key.Namespace, Key.Name))
        {
            found.Add(pod.Key.Name);
            ObserveUser(pod, deleted: false);
        }

        // Who told of himself after that head is not missed in the copy.
        foreach (var gone in users.Values.Where(pod => pod.ResourceVersion <= head && !found.Contains(pod.Key.Name)).ToList())
        {
            users.Remove(gone.Key.Name);
        }
    }

    // A claim that is deleted must not go from under a pod, and what tells of pods may get lost: all that was acknowledged counts.
    private async Task FindUsersAsync()
    {
        if (IsLeaving)
        {
            await Services.Replicas.Objects.WaitForHeadAsync(CancellationToken.None);
            RefillUsers();
        }
    }

    // Only then it matters who uses it.
    private bool IsLeaving => Current?.Metadata.DeletionTimestamp is not null;

    private async Task DecideAsync()
    {
        await FindUsersAsync();
        if (Current is { } item)
        {
            await CarryOutAsync(item, await PlanAsync(item));
            failed = false;
        }
    }

    // A fault that may happen so often only is asked whether it may once it is clear that the provisioner fails by it.
    private async ValueTask<ClaimPlan> PlanAsync(StoredObject item)
    {
        var claim = item.As<V1PersistentVolumeClaim>();
        var fault = Services.Faults.OfProvisioning(claim, claim.Spec.StorageClassName ?? "", provisioningTries?.Count ?? 0);
        var plan = ClaimDecision.Decide(Situation(item, fault is null ? null : ProvisionerIsAway));
        return plan.ProvisioningFailed && !await Services.Faults.TakeAsync(fault!) ? ClaimDecision.Decide(Situation(item, null)) : plan;
    }

    private ClaimSituation Situation(StoredObject item, string? problem)
    {
        var claim = item.As<V1PersistentVolumeClaim>();
        var node = selectedNode is null ? null : Services.Replicas.Find(ResourceKinds.Nodes.Key("", selectedNode));
        return new ClaimSituation
        {
            Claim = claim,
            Class = ClassOf(claim),
            SelectedNode = selectedNode,
            Node = node?.As<V1Node>(),
            AvailableVolumes = Services.Replicas.Volumes.For(Key.Namespace, Key.Name).Where(MayServe),
            BoundVolume = BoundVolume(claim),
            InUse = users.Values.Any(pod => PodReadiness.IsScheduled(pod.As<V1Pod>())),
            UnscheduledPod = users.Values.FirstOrDefault(pod => !PodReadiness.IsScheduled(pod.As<V1Pod>()))?.Key.Name,
            ProvisioningSince = provisioningSince,
            ProvisioningTries = provisioningTries,
            ProvisioningProblem = problem,
            ProvisioningLatency = settings.Value.VolumeProvisioning,
            Now = Now,
        };
    }

    private V1PersistentVolume? BoundVolume(V1PersistentVolumeClaim claim)
    {
        var name = string.IsNullOrEmpty(claim.Spec.VolumeName) ? VolumeNames.OfVolume(claim) : claim.Spec.VolumeName;
        var stored = Services.Replicas.Find(ResourceKinds.PersistentVolumes.Key("", name));
        var newest = volume?.Key.Name == name && volume.ResourceVersion > (stored?.ResourceVersion ?? 0) ? volume : stored;
        return newest?.As<V1PersistentVolume>();
    }

    private bool MayServe(V1PersistentVolume candidate) => candidate.Spec.ClaimRef is not { } reference
        || (reference.NamespaceProperty == Key.Namespace && reference.Name == Key.Name);

    private V1StorageClass? ClassOf(V1PersistentVolumeClaim claim) => string.IsNullOrEmpty(claim.Spec.StorageClassName)
        ? null
        : Services.Replicas.Find(ResourceKinds.StorageClasses.Key("", claim.Spec.StorageClassName))?.As<V1StorageClass>();

    private async Task CarryOutAsync(StoredObject item, ClaimPlan plan)
    {
        if (plan.ProvisioningBegins)
        {
            provisioningSince = Now;
        }

        if (plan.ProvisioningFailed)
        {
            (provisioningSince, provisioningTries) = (null, new ProvisioningTries((provisioningTries?.Count ?? 0) + 1, Now));
        }

        if (!failed)
        {
            foreach (var told in plan.Events)
            {
                Tell(told);
            }
        }

        if (plan.Provision is { } made)
        {
            await ProvisionAsync(made);
            return;
        }

        if (plan.Bind is { } given && !await BindAsync(given))
        {
            return;
        }

        if (!await WriteRevisionsAsync(item, plan.Revisions, plan.Removed))
        {
            loop.Wake();
        }

        if (plan.RetryAt is { } due)
        {
            if (due <= Now)
            {
                loop.Wake();
            }
            else
            {
                NudgeAt(due);
            }
        }
    }

    private async Task ProvisionAsync(V1PersistentVolume made)
    {
        var grain = Services.Observers.Volume(made.Metadata.Name);
        var reply = await grain.Create(new Model(made));
        volume = reply.Refused ? (await grain.ReadObject())?.Object : reply.Object;
        if (volume is null)
        {
            throw reply.ToException();
        }

        loop.Wake();
    }

    // Another claim may have been given the volume in the meantime: its own grain says no, and this claim looks for another.
    private async Task<bool> BindAsync(V1PersistentVolume given)
    {
        var grain = Services.Observers.Volume(given.Metadata.Name);
        var reply = await grain.Replace(new Model(given), "");
        volume = reply.Refused ? (await grain.ReadObject())?.Object : reply.Object;
        loop.Wake();
        if (reply.Refused)
        {
            await Services.Replicas.Objects.WaitForHeadAsync(CancellationToken.None);
        }

        return !reply.Refused;
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "Claim {Claim} could not be carried on; it is tried again")]
    private partial void LogFailed(Exception failure, ObjectKey claim);
}
