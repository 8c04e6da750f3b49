using k8s.Models;
using Orleans.StatefulSets.Grains.Objects;
using Orleans.StatefulSets.Reconciliation.Revisions;
using Orleans.StatefulSets.Resources.Errors;
using Orleans.StatefulSets.Resources.Kinds;
using Orleans.StatefulSets.Resources.Objects;
using Orleans.StatefulSets.Resources.Selectors;
using Orleans.StatefulSets.Resources.Writing;

namespace Orleans.StatefulSets.Grains.StatefulSets;

/// <summary>
/// The ControllerRevisions of a set, and those that it may adopt, as its grain knows them: nothing reconciles them but the set, so they have no
/// grain and are committed from here.
/// </summary>
internal sealed class RevisionStore(ObjectServices services, ObjectKey set)
{
    private readonly Dictionary<string, StoredObject> known = [];

    /// <summary>Takes over what the silo's copy knows and this store doesn't.</summary>
    public void Refill(V1StatefulSet owner)
    {
        var head = services.Replicas.Objects.Head;
        var selector = LabelSelector.From(owner.Spec.Selector);
        var owned = services.Replicas.Owners.DependentsOf(owner.Metadata.Uid)
            .Where(key => key.Resource == ResourceKinds.ControllerRevisions.Resource).Select(services.Replicas.Find).OfType<StoredObject>();
        foreach (var item in owned.Concat(services.Replicas.Revisions.WithoutController(set.Namespace).Where(item => selector.Matches(item.Labels))))
        {
            Take(item, deleted: false);
        }

        foreach (var item in known.Values.Where(item => item.ResourceVersion <= head && services.Replicas.Find(item.Key) is null).ToList())
        {
            known.Remove(item.Key.Name);
        }
    }

    public bool Take(StoredObject item, bool deleted)
    {
        if (known.TryGetValue(item.Key.Name, out var mine) && mine.ResourceVersion >= item.ResourceVersion)
        {
            return false;
        }

        if (deleted)
        {
            return known.Remove(item.Key.Name);
        }

        item.KeepModel();
        known[item.Key.Name] = item;
        return true;
    }

    /// <summary>Any revision of the namespace, whoever controls it.</summary>
    public V1ControllerRevision? Find(string name) =>
        (known.TryGetValue(name, out var item) ? item : services.Replicas.Find(ResourceKinds.ControllerRevisions.Key(set.Namespace, name)))?.As<V1ControllerRevision>();

    /// <summary>Those that match the selector and are controlled by the set or by nobody.</summary>
    public IReadOnlyList<V1ControllerRevision> Matching(V1StatefulSet owner)
    {
        var selector = LabelSelector.From(owner.Spec.Selector);
        return
        [
            .. known.Values.Select(item => item.As<V1ControllerRevision>()).Where(revision =>
                selector.Matches(revision.Metadata.Labels)
                && (revision.Metadata.OwnerReferences?.FirstOrDefault(reference => reference.Controller == true) is not { } controller
                    || controller.Uid == owner.Metadata.Uid)),
        ];
    }

    /// <summary>Adopts, creates and raises as planned. False where something changed under it: the set decides anew.</summary>
    public async Task<bool> CarryOutAsync(V1StatefulSet owner, RevisionPlan plan)
    {
        try
        {
            foreach (var adopted in plan.Adopt)
            {
                await ReplaceAsync(adopted);
            }

            if (plan.Create is { } created)
            {
                await CreateAsync(created);
            }

            if (plan.Raise is { } raised)
            {
                await ReplaceAsync(raised);
            }

            return true;
        }
        catch (ApiException)
        {
            Refill(owner);
            return false;
        }
    }

    /// <summary>Deletes what the history limit lets go.</summary>
    public async Task PruneAsync(RevisionPlan plan)
    {
        foreach (var revision in plan.Prune)
        {
            var key = Key(revision);
            try
            {
                var carried = await services.Committer.CarryOutAsync(key, known.GetValueOrDefault(key.Name), current => current is null
                    ? throw ApiErrors.NotFound(ResourceKinds.ControllerRevisions, key.Name)
                    : new ValueTask<WriteDecision>(new WriteDecision { Outcome = WriteOutcome.Removed, Model = current.Model }));
                Take(carried.Object, deleted: true);
            }
            catch (ApiException)
            {
                known.Remove(key.Name);
            }
        }
    }

    private async Task CreateAsync(V1ControllerRevision revision)
    {
        var key = Key(revision);
        var carried = await services.Committer.CarryOutAsync(key, null, current => current is not null
            ? throw ApiErrors.AlreadyExists(ResourceKinds.ControllerRevisions, key.Name)
            : new ValueTask<WriteDecision>(new WriteDecision
            {
                Outcome = WriteOutcome.Created,
                Model = services.Writer.AdmitNew(revision, services.Replicas, services.Clock.NowSeconds),
            }));
        Take(carried.Object, deleted: false);
    }

    private async Task ReplaceAsync(V1ControllerRevision next)
    {
        var key = Key(next);
        var carried = await services.Committer.CarryOutAsync(key, known.GetValueOrDefault(key.Name), current =>
            current is null || current.Metadata.ResourceVersion != next.Metadata.ResourceVersion
                ? throw ApiErrors.Conflict(ResourceKinds.ControllerRevisions, key.Name)
                : new ValueTask<WriteDecision>(services.Writer.AdmitChange(next, current, "", services.Replicas, services.Clock.NowSeconds)));
        Take(carried.Object, deleted: false);
    }

    private ObjectKey Key(V1ControllerRevision revision) => ResourceKinds.ControllerRevisions.Key(set.Namespace, revision.Metadata.Name);
}
