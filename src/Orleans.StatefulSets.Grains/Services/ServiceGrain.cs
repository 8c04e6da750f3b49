using k8s.Models;
using Microsoft.Extensions.Logging;
using Orleans.Concurrency;
using Orleans.StatefulSets.Grains.Objects;
using Orleans.StatefulSets.Grains.Pods;
using Orleans.StatefulSets.Reconciliation.Endpoints;
using Orleans.StatefulSets.Resources.Errors;
using Orleans.StatefulSets.Resources.Kinds;
using Orleans.StatefulSets.Resources.Objects;
using Orleans.StatefulSets.Resources.Writing;

namespace Orleans.StatefulSets.Grains.Services;

/// <inheritdoc cref="IServiceGrain"/>
/// <remarks>
/// Pods tell the Service of what changed; it writes its Endpoints at once when it was quiet, and otherwise once a while, longer the more
/// pods it has: a headless Service of 1,000 pods is not rewritten 1,000 times.
/// </remarks>
[Reentrant]
internal sealed partial class ServiceGrain(ObjectServices services, TimeProvider wall, ILogger<ServiceGrain> logger) : ObjectGrain(services), IServiceGrain
{
    private static readonly TimeSpan ShortestPause = TimeSpan.FromMilliseconds(100);
    private static readonly TimeSpan AfterARefusal = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan PauseAPod = TimeSpan.FromMilliseconds(0.5);

    private readonly SelectedPods<V1Pod> pods = new(Slim);
    private readonly Dictionary<ObjectKey, StoredObject> written = [];
    private DecisionLoop loop = null!;
    private DateTimeOffset quietUntil;

    /// <inheritdoc/>
    public override Task Observe(StoredObject item, bool deleted)
    {
        if (Current is { } current && item.Key.Resource == ResourceKinds.Pods.Resource && Take(current.As<V1Service>(), item, deleted))
        {
            loop.Wake();
        }

        return Task.CompletedTask;
    }

    /// <inheritdoc/>
    protected override void GoOn()
    {
        Refill();
        loop.Wake();
    }

    /// <inheritdoc/>
    protected override Task LoadedAsync(CancellationToken cancellation)
    {
        loop = NewLoop(WriteEndpointsAsync, Failed, Refill, PauseAsync);
        Refill();
        return Task.CompletedTask;
    }

    /// <inheritdoc/>
    protected override async ValueTask<WriteDecision> AdmitAsync(WriteDecision decision)
    {
        var service = (V1Service)decision.Model;
        if (decision.Outcome is not (WriteOutcome.Created or WriteOutcome.Updated) || service.Spec is not { Type: not "ExternalName", ClusterIP: not "None" } spec
            || spec.ClusterIP == Current?.As<V1Service>().Spec?.ClusterIP && !string.IsNullOrEmpty(spec.ClusterIP))
        {
            return decision;
        }

        var wanted = spec.ClusterIP ?? "";
        var address = await Services.Grains.GetGrain<IServiceAddressGrain>("default").Allocate(Key, wanted)
            ?? throw ApiErrors.Invalid(ResourceKinds.Services, Key.Name, [new FieldError("FieldValueInvalid", "spec.clusterIPs", $"Invalid value: [\"{wanted}\"]: failed to allocate IP {wanted}: provided IP is already allocated")]);
        return decision with { Model = service with { Spec = spec with { ClusterIP = address, ClusterIPs = [address] } } };
    }

    /// <inheritdoc/>
    protected override void Committed(Carried carried)
    {
        if (carried.Removed)
        {
            // Upstream's Endpoints name no owner, so the collector would not find them.
            _ = RemoveEndpointsAsync();
            return;
        }

        if (carried.Before is null)
        {
            pods.Clear();
        }

        if (carried.Before is null || !ReferenceEquals(carried.BeforeAs<V1Service>()!.Spec.Selector, carried.Object.As<V1Service>().Spec.Selector))
        {
            Refill();
        }

        loop.Wake();
    }

    private async Task RemoveEndpointsAsync()
    {
        var key = ResourceKinds.Endpoints.Key(Key.Namespace, Key.Name);
        try
        {
            await RemoveAsync(key, ResourceKinds.Endpoints);
        }
        catch (ApiException refusal) when (refusal.Code == 404)
        {
            // It had none.
        }
        catch (Exception failure)
        {
            LogFailed(failure, Key);
        }
    }

    /// <inheritdoc/>
    protected override void CaughtUp(StoredObject? before, bool isBeginning)
    {
        if (before?.Uid != Current?.Uid)
        {
            pods.Clear();
        }

        if (Current is null)
        {
            _ = RemoveEndpointsAsync();
        }
    }

    private void Refill()
    {
        if (Current?.As<V1Service>() is not { } service)
        {
            pods.Clear();
            return;
        }

        pods.Refill(Services.Replicas, Key.Namespace, labels => ServiceSelection.Selects(service, labels));
    }

    private bool Take(V1Service service, StoredObject item, bool deleted) =>
        pods.Take(item, deleted, labels => ServiceSelection.Selects(service, labels));

    // Only what endpoints are made of; a Service of many pods must not hold them whole.
    private static V1Pod Slim(V1Pod pod) => new()
    {
        Metadata = new V1ObjectMeta
        {
            Name = pod.Metadata.Name,
            NamespaceProperty = pod.Metadata.NamespaceProperty,
            Uid = pod.Metadata.Uid,
            Labels = pod.Metadata.Labels,
            DeletionTimestamp = pod.Metadata.DeletionTimestamp,
        },
        Spec = new V1PodSpec
        {
            NodeName = pod.Spec.NodeName,
            Hostname = pod.Spec.Hostname,
            Subdomain = pod.Spec.Subdomain,
            HostNetwork = pod.Spec.HostNetwork,
            RestartPolicy = pod.Spec.RestartPolicy,
            Containers = [.. pod.Spec.Containers.Select(container => new V1Container { Name = container.Name, Ports = container.Ports })],
        },
        Status = new V1PodStatus
        {
            Phase = pod.Status?.Phase,
            PodIP = pod.Status?.PodIP,
            PodIPs = pod.Status?.PodIPs,
            Conditions = pod.Status?.Conditions?.Where(condition => condition.Type == "Ready").ToList(),
        },
    };

    private async Task WriteEndpointsAsync()
    {
        if (Current?.As<V1Service>() is { } service)
        {
            await CarryOutAsync(Decide(service));
            if (Current is null)
            {
                // It was deleted meanwhile, and what was just made names no owner.
                await RemoveEndpointsAsync();
            }
        }

        quietUntil = wall.GetUtcNow() + ShortestPause + (PauseAPod * pods.Count);
    }

    private Task PauseAsync() => quietUntil - wall.GetUtcNow() is { Ticks: > 0 } pause ? Task.Delay(pause, wall) : Task.CompletedTask;

    private void Failed(Exception failure)
    {
        if (failure is ApiException { Code: 403 })
        {
            // The namespace is being emptied, and the Service goes with it; or a quota forbids it, until somebody raises that.
            NudgeAt(Now + AfterARefusal);
            return;
        }

        LogFailed(failure, Key);
        NudgeAt(Now + TimeSpan.FromSeconds(1));
    }

    private EndpointsPlan Decide(V1Service service)
    {
        var slices = Services.Replicas.Owners.DependentsOf(service.Metadata.Uid)
            .Concat(written.Keys)
            .Where(key => key.Resource == ResourceKinds.EndpointSlices.Resource)
            .Distinct()
            .Select(Newest)
            .OfType<StoredObject>()
            .Select(item => item.As<V1EndpointSlice>());
        return EndpointsDecision.Decide(
            service, pods.All, Newest(ResourceKinds.Endpoints.Key(Key.Namespace, Key.Name))?.As<V1Endpoints>(), [.. slices], Services.Clock.NowSeconds);
    }

    // What this grain wrote itself may be newer than the silo's copy.
    private StoredObject? Newest(ObjectKey key)
    {
        var stored = Services.Replicas.Find(key);
        var mine = written.GetValueOrDefault(key);
        return mine is not null && (mine.ResourceVersion > (stored?.ResourceVersion ?? 0)) && mine.ResourceVersion > Services.Replicas.Objects.Head ? mine : stored;
    }

    private async Task CarryOutAsync(EndpointsPlan plan)
    {
        foreach (var created in (object?[])[plan.CreateEndpoints, .. plan.CreateSlices])
        {
            await PutAsync(created, update: false);
        }

        foreach (var updated in (object?[])[plan.UpdateEndpoints, .. plan.UpdateSlices])
        {
            await PutAsync(updated, update: true);
        }

        foreach (var slice in plan.DeleteSlices)
        {
            await RemoveAsync(ResourceKinds.EndpointSlices.Key(Key.Namespace, slice.Metadata.Name), ResourceKinds.EndpointSlices);
        }
    }

    private async Task PutAsync(object? model, bool update)
    {
        if (model is null)
        {
            return;
        }

        var kind = ResourceKinds.Of(model.GetType());
        var key = kind.Key(Key.Namespace, ((IMetadata<V1ObjectMeta>)model).Metadata.Name);
        var carried = await Services.Committer.CarryOutAsync(key, update ? Newest(key) : null, current => new ValueTask<WriteDecision>(
            current is null && update
                ? throw ApiErrors.NotFound(kind, key.Name)
                : current is null
                ? new WriteDecision { Outcome = WriteOutcome.Created, Model = Services.Writer.AdmitNew(model, Services.Replicas, Services.Clock.NowSeconds) }
                : Services.Writer.AdmitChange(model, current, "", Services.Replicas, Services.Clock.NowSeconds)));
        written[key] = carried.Object;
    }

    private async Task RemoveAsync(ObjectKey key, ResourceKind kind)
    {
        // What took its name since is another's.
        var known = Newest(key);
        await Services.Committer.CarryOutAsync(key, known, current => current is null || current.Uid != known?.Uid
            ? throw ApiErrors.NotFound(kind, key.Name)
            : new ValueTask<WriteDecision>(new WriteDecision { Outcome = WriteOutcome.Removed, Model = current.Model }));
        written.Remove(key);
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "The endpoints of {Service} could not be written; it is tried again")]
    private partial void LogFailed(Exception failure, ObjectKey service);
}
