using k8s.Models;
using Orleans.StatefulSets.Grains.Objects;
using Orleans.StatefulSets.Reconciliation.Revisions;
using Orleans.StatefulSets.Reconciliation.StatefulSets;
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

    // What went, and with which version: the copy may show it for a while yet.
    private readonly Dictionary<string, long> gone = [];

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

        // Also what another set has adopted meanwhile, of which nobody tells this one.
        foreach (var item in known.Values.ToList())
        {
            if (services.Replicas.Find(item.Key) is { } stored)
            {
                Take(stored, deleted: false);
            }
            else if (item.ResourceVersion <= head)
            {
                known.Remove(item.Key.Name);
            }
        }

        foreach (var (name, _) in gone.Where(pair => pair.Value <= head).ToList())
        {
            gone.Remove(name);
        }
    }

    public bool Take(StoredObject item, bool deleted)
    {
        var name = item.Key.Name;
        if (Math.Max(known.TryGetValue(name, out var mine) ? mine.ResourceVersion : 0, gone.GetValueOrDefault(name)) >= item.ResourceVersion)
        {
            return false;
        }

        if (deleted)
        {
            // Also where it is none of the set's: it may be what the set found by its name.
            gone[name] = item.ResourceVersion;
            known.Remove(name);
            return true;
        }

        item.KeepModel();
        known[name] = item;
        return true;
    }

    /// <summary>Any revision of the namespace, whoever controls it.</summary>
    public V1ControllerRevision? Find(string name) => known.TryGetValue(name, out var item) ? item.As<V1ControllerRevision>()
        : services.Replicas.Find(ResourceKinds.ControllerRevisions.Key(set.Namespace, name)) is { } stored && stored.ResourceVersion > gone.GetValueOrDefault(name)
            ? stored.As<V1ControllerRevision>()
        : null;

    /// <summary>Those that match the selector and are controlled by the set or by nobody.</summary>
    public IReadOnlyList<V1ControllerRevision> Matching(V1StatefulSet owner)
    {
        var selector = LabelSelector.From(owner.Spec.Selector);
        return
        [
            .. known.Values.Select(item => item.As<V1ControllerRevision>()).Where(revision =>
                selector.Matches(revision.Metadata.Labels) && IsFor(revision, owner)),
        ];
    }

    // Controlled by the set or by nobody.
    private static bool IsFor(V1ControllerRevision revision, V1StatefulSet owner) =>
        Ownership.ControllerOf(revision.Metadata) is not { } controller || controller.Uid == owner.Metadata.Uid;

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
    public async Task PruneAsync(V1StatefulSet owner, RevisionPlan plan)
    {
        foreach (var revision in plan.Prune)
        {
            var key = Key(revision);
            try
            {
                var carried = await services.Committer.CarryOutAsync(key, known.GetValueOrDefault(key.Name), current => current is null || current.Uid != revision.Metadata.Uid || !IsFor(current.As<V1ControllerRevision>(), owner)
                    ? throw ApiErrors.NotFound(ResourceKinds.ControllerRevisions, key.Name)
                    : new ValueTask<WriteDecision>(new WriteDecision { Outcome = WriteOutcome.Removed, Model = current.Model }));
                Take(carried.Object, deleted: true);
            }
            catch (ApiException)
            {
                Refill(owner);
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
