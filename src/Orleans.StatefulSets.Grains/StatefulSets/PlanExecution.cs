using k8s.Models;
using Orleans.StatefulSets.Grains.Messages;
using Orleans.StatefulSets.Grains.Objects;
using Orleans.StatefulSets.Reconciliation.Events;
using Orleans.StatefulSets.Reconciliation.Pods;
using Orleans.StatefulSets.Reconciliation.StatefulSets;
using Orleans.StatefulSets.Resources.Kinds;
using Orleans.StatefulSets.Resources.Objects;
using Orleans.StatefulSets.Resources.Writing;

namespace Orleans.StatefulSets.Grains.StatefulSets;

/// <summary>Carries one plan of a set out, in the order of its fields, and observes what the answers say.</summary>
/// <param name="services">The way to the other grains.</param>
/// <param name="key">The set.</param>
/// <param name="set">The set as the plan was made on it.</param>
/// <param name="observe">Takes an answer into the set's summary.</param>
/// <param name="tell">Records an Event about the set.</param>
internal sealed class PlanExecution(
    ObjectServices services, ObjectKey key, V1StatefulSet set, Func<StoredObject, bool, bool> observe, Action<ObjectEvent> tell)
{
    /// <summary>Something was changed: the set decides again.</summary>
    public bool Acted { get; private set; }

    /// <returns>False where something failed: the rest of the plan was left, and the set tries again later.</returns>
    public async Task<bool> CarryOutAsync(StatefulSetPlan plan)
    {
        var hindrances = plan.Hindered.Where(hindrance => hindrance.Error.Length > 0).ToList();
        foreach (var hindered in hindrances)
        {
            Tell(StatefulSetEvents.PodCreationFailed(key.Name, hindered.PodName, hindered.Error));
        }

        return await BatchesAsync(plan.Adopt, slowStart: false, pod => RewriteAsync(pod.Name, pod.Uid, current => current with { Metadata = Ownership.Adopt(set, current.Metadata) }))
            && await BatchesAsync(plan.Release, slowStart: false, pod => RewriteAsync(pod.Name, pod.Uid, current => current with { Metadata = Ownership.Release(set, current.Metadata) }))
            && await BatchesAsync(plan.Create, plan.SlowStart, CreatePodAsync)
            && await BatchesAsync(plan.Mend, slowStart: false, MendAsync)
            && await BatchesAsync(plan.Claims, slowStart: false, OwnAsync)
            && await BatchesAsync(plan.Delete, plan.SlowStart, DeleteAsync)
            && hindrances.Count == 0;
    }

    /// <summary>Upstream's slowStartBatch: 1, 2, 4 … at once, so that a set that can't create anything fails once and not a thousand times.</summary>
    private static async Task<bool> BatchesAsync<T>(IReadOnlyList<T> items, bool slowStart, Func<T, Task<bool>> carryOut)
    {
        var batch = 1;
        for (var done = 0; done < items.Count; done += batch, batch = slowStart ? Math.Min(batch * 2, StatefulSetDecision.MostPerPlan) : 1)
        {
            var results = await Task.WhenAll(items.Skip(done).Take(batch).Select(carryOut));
            if (!Array.TrueForAll(results, succeeded => succeeded))
            {
                return false;
            }
        }

        return true;
    }

    private async Task<bool> CreatePodAsync(PodCreation creation)
    {
        if (!await CreateClaimsAsync(creation.Claims, creation.Pod.Metadata.Name))
        {
            return false;
        }

        var name = creation.Pod.Metadata.Name;
        var reply = await services.Observers.Pod(key.Namespace, name).Create(new Model(creation.Pod));
        if (!reply.Refused)
        {
            Observe(reply.Object!, deleted: false);
            Tell(StatefulSetEvents.PodCreated(key.Name, name));
            return true;
        }

        var refusal = reply.ToException();
        if (refusal.Reason == "AlreadyExists")
        {
            return await ObserveExistingAsync(services.Observers.Pod(key.Namespace, name));
        }

        Tell(StatefulSetEvents.PodCreationFailed(key.Name, name, refusal.Message));
        return false;
    }

    private async Task<bool> CreateClaimsAsync(IReadOnlyList<V1PersistentVolumeClaim> claims, string podName)
    {
        foreach (var claim in claims)
        {
            var name = claim.Metadata.Name;
            var grain = services.Observers.Claim(key.Namespace, name);
            var reply = await grain.Create(new Model(claim));
            if (!reply.Refused)
            {
                Observe(reply.Object!, deleted: false);
                Tell(StatefulSetEvents.ClaimCreated(key.Name, podName, name));
                continue;
            }

            var refusal = reply.ToException();
            if (refusal.Reason == "AlreadyExists")
            {
                await ObserveExistingAsync(grain);
                continue;
            }

            Tell(StatefulSetEvents.ClaimCreationFailed(key.Name, podName, name, refusal.Message));
            return false;
        }

        return true;
    }

    private async Task<bool> MendAsync(PodMending mending) =>
        await CreateClaimsAsync(mending.Claims, mending.Name)
        && (!mending.Rewrite || await RewriteAsync(mending.Name, mending.Uid, pod => StatefulSetPods.Mend(set, pod)));

    private async Task<bool> OwnAsync(ClaimOwnership ownership)
    {
        var grain = services.Observers.Claim(key.Namespace, ownership.Name);
        if (await grain.ReadObject() is not { Object: { } item } || item.Uid != ownership.Uid)
        {
            return true;
        }

        var claim = item.As<V1PersistentVolumeClaim>();
        var next = claim with { Metadata = claim.Metadata with { OwnerReferences = [.. ownership.OwnerReferences] } };
        if (!Took(await grain.Replace(new Model(next), "")))
        {
            return false;
        }

        if (ownership.RecordsUpdate)
        {
            Tell(StatefulSetEvents.PodUpdated(key.Name, StatefulSetNames.Pod(key.Name, ownership.Ordinal)));
        }

        return true;
    }

    private async Task<bool> DeleteAsync(PodDeletion deletion)
    {
        var grain = services.Observers.Pod(key.Namespace, deletion.Name);
        var reply = await grain.Write(new WriteRequest
        {
            Key = ResourceKinds.Pods.Key(key.Namespace, deletion.Name),
            Verb = WriteVerb.Delete,
            DeleteOptions = new V1DeleteOptions { Preconditions = new V1Preconditions { Uid = deletion.Uid } },
        });
        if (!reply.Refused)
        {
            Observe(reply.Object!, reply.Outcome == WriteOutcome.Removed);
            if (deletion.Reason == DeletionReason.Finished)
            {
                Tell(StatefulSetEvents.PodRecreated($"{key.Namespace}/{key.Name}", deletion.Name, PodReadiness.IsFailed(reply.Object!.As<V1Pod>())));
            }

            Tell(StatefulSetEvents.PodDeleted(key.Name, deletion.Name));
            return true;
        }

        var refusal = reply.ToException();
        if (refusal.Code is 404 or 409)
        {
            return await ObserveExistingAsync(grain);
        }

        Tell(StatefulSetEvents.PodDeletionFailed(key.Name, deletion.Name, refusal.Message));
        return false;
    }

    private async Task<bool> RewriteAsync(string name, string uid, Func<V1Pod, V1Pod> change)
    {
        var grain = services.Observers.Pod(key.Namespace, name);
        if (await grain.ReadObject() is not { Object: { } item } || item.Uid != uid)
        {
            return true;
        }

        return Took(await grain.Replace(new Model(change(item.As<V1Pod>())), ""));
    }

    private bool Took(ObjectReply reply)
    {
        if (reply.Refused)
        {
            return false;
        }

        Observe(reply.Object!, reply.Outcome == WriteOutcome.Removed);
        return true;
    }

    // Somebody else was first: what is there is observed from its one writer, so that the next decision is made on it. Where that is
    // nothing new (a stranger has the name), the set can only try again later, as upstream does.
    private async Task<bool> ObserveExistingAsync(IObjectGrain grain)
    {
        if (await grain.ReadObject() is not { Object: { } item } || !observe(item, false))
        {
            return false;
        }

        return Acted = true;
    }

    private void Observe(StoredObject item, bool deleted)
    {
        Acted |= observe(item, deleted);
    }

    private void Tell(StatefulSetEvent told) => tell(new ObjectEvent(told.Type, told.Reason, told.Message, StatefulSetEvents.Component));
}
