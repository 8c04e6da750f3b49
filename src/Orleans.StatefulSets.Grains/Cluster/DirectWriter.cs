using Orleans.StatefulSets.Grains.Messages;
using Orleans.StatefulSets.Grains.Namespaces;
using Orleans.StatefulSets.Grains.Objects;
using Orleans.StatefulSets.Grains.Replicas;
using Orleans.StatefulSets.Grains.Time;
using Orleans.StatefulSets.Resources.Errors;
using Orleans.StatefulSets.Resources.Kinds;
using Orleans.StatefulSets.Resources.Objects;
using Orleans.StatefulSets.Resources.Writing;

namespace Orleans.StatefulSets.Grains.Cluster;

/// <summary>Writes objects of the kinds that nothing reconciles: decided on this process's copy, with the journal as the judge.</summary>
internal sealed class DirectWriter(ObjectCommitter committer, ObjectWriter writer, ReplicaSet replicas, ClusterClock clock, ObjectRoutes routes)
{
    public async Task<ObjectReply> WriteAsync(WriteRequest request)
    {
        try
        {
            var current = await FindAsync(request.Key, creating: request.Verb == WriteVerb.Create);
            var carried = await committer.CarryOutAsync(
                request.Key, current, stored => new ValueTask<WriteDecision>(writer.Decide(request, stored, replicas, clock.NowSeconds)), request.DryRun, request.Id);
            return Reply(carried, request.DryRun);
        }
        catch (ApiException refusal)
        {
            return ObjectReply.Refuse(refusal);
        }
    }

    public async Task<ObjectReply> CreateAsync(ObjectKey key, object model)
    {
        try
        {
            return Reply(await committer.CarryOutAsync(key, null, stored => stored is not null
                ? throw ApiErrors.AlreadyExists(ResourceKinds.Of(key), key.Name)
                : new ValueTask<WriteDecision>(new WriteDecision { Outcome = WriteOutcome.Created, Model = writer.AdmitNew(model, replicas, clock.NowSeconds) })));
        }
        catch (ApiException refusal)
        {
            return ObjectReply.Refuse(refusal);
        }
    }

    public async Task<ObjectReply> ReplaceAsync(StoredObject current, object next)
    {
        try
        {
            return Reply(await committer.CarryOutAsync(current.Key, current, stored => stored?.ResourceVersion != current.ResourceVersion
                ? throw ApiErrors.Conflict(current.Kind, current.Key.Name)
                : new ValueTask<WriteDecision>(writer.AdmitChange(next, stored, "", replicas, clock.NowSeconds))));
        }
        catch (ApiException refusal)
        {
            return ObjectReply.Refuse(refusal);
        }
    }

    // A creation asks the journal in any case; everything else must not decide on a copy that lags.
    private async Task<StoredObject?> FindAsync(ObjectKey key, bool creating)
    {
        var replica = replicas.For(key.Resource);
        if (!creating)
        {
            await replica.WaitForHeadAsync(CancellationToken.None);
        }

        return replica.Find(key);
    }

    private ObjectReply Reply(Carried carried, bool dryRun = false)
    {
        if (!dryRun && carried.Outcome != WriteOutcome.Unchanged)
        {
            Tell(carried);
        }

        return new ObjectReply { Outcome = carried.Outcome, Object = carried.Object, Warnings = carried.Warnings };
    }

    // Endpoints bear their Service's name, slices tell it by a label.
    private static ObjectKey? ServiceOf(StoredObject item) => item.Key.Resource switch
    {
        "endpoints" => ResourceKinds.Services.Key(item.Key.Namespace, item.Key.Name),
        "endpointslices.discovery.k8s.io" when item.Labels.TryGetValue("kubernetes.io/service-name", out var name) => ResourceKinds.Services.Key(item.Key.Namespace, name),
        _ => null,
    };

    // A revision concerns the set that it is of, and a class the claims that wait for one.
    private void Tell(Carried carried)
    {
        var item = carried.Object;
        if (item.Key.Resource == ResourceKinds.StorageClasses.Resource)
        {
            foreach (var claim in replicas.Unfinished.Keys().Where(key => key.Resource == ResourceKinds.PersistentVolumeClaims.Resource))
            {
                routes.Find(claim)!.Nudge().Ignore();
            }
        }

        if (carried.Removed && NamespaceFurniture.Includes(item.Key))
        {
            routes.Find(ResourceKinds.Namespaces.Key("", item.Key.Namespace))!.Nudge().Ignore();
        }

        foreach (var owner in item.Metadata.OwnerReferences ?? [])
        {
            if (owner.Kind == ResourceKinds.StatefulSets.Kind)
            {
                // What landed long ago may have changed or gone since: then the set looks for itself.
                var set = routes.StatefulSet(item.Key.Namespace, owner.Name);
                (carried.IsPast ? set.Nudge() : set.Observe(item, carried.Removed)).Ignore();
            }
        }

        if (carried.Removed && ServiceOf(item) is { } service && replicas.Find(service) is not null)
        {
            routes.Find(service)!.Nudge().Ignore();
        }
    }
}
