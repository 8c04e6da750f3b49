using k8s.Models;
using Microsoft.Extensions.Logging;
using Orleans.Concurrency;
using Orleans.Placement;
using Orleans.StatefulSets.Grains.Journal;
using Orleans.StatefulSets.Grains.Objects;
using Orleans.StatefulSets.Reconciliation.GarbageCollection;
using Orleans.StatefulSets.Resources.Kinds;
using Orleans.StatefulSets.Resources.Objects;

namespace Orleans.StatefulSets.Grains.GarbageCollection;

/// <inheritdoc cref="IGarbageCollectorGrain"/>
/// <remarks>An owner's absence is proved at the journal, by uid, never concluded from a copy (DESIGN law 5).</remarks>
[Reentrant]
[HashBasedPlacement]
internal sealed partial class GarbageCollectorGrain(ObjectServices services, ObjectMutations mutations, ILogger<GarbageCollectorGrain> logger)
    : ClusterGrain, IGarbageCollectorGrain, IVacatingGrain
{
    private const int AtOnce = 256;

    private bool collecting;
    private bool news;

    /// <inheritdoc/>
    public Vacancy Vacancy => collecting ? Vacancy.Undecided : Vacancy.Vacant;

    private string OwnerUid => this.GetPrimaryKeyString();

    /// <inheritdoc/>
    public override async Task OnActivateAsync(CancellationToken cancellationToken)
    {
        await base.OnActivateAsync(cancellationToken);
        services.Vacancies.Add(this);
    }

    /// <inheritdoc/>
    public async Task Collect(ObjectKey owner)
    {
        news = true;
        if (collecting)
        {
            return;
        }

        collecting = true;
        try
        {
            while (news)
            {
                news = false;
                await CollectOnceAsync(owner);
            }
        }
        catch (Exception failure)
        {
            // The sweep comes by again.
            LogFailed(failure, owner);
        }
        finally
        {
            collecting = false;
        }
    }

    private async Task CollectOnceAsync(ObjectKey ownerKey)
    {
        await services.Replicas.Objects.WaitForHeadAsync(CancellationToken.None);
        var dependents = services.Replicas.Owners.DependentsOf(OwnerUid).Select(services.Replicas.Find).OfType<StoredObject>().ToList();
        var owner = await mutations.ReadAsync(ownerKey);
        if (owner is null || owner.Uid != OwnerUid)
        {
            await EachAsync(dependents, CollectDependentAsync);
            return;
        }

        var byUid = dependents.ToDictionary(item => item.Uid);
        var step = GarbageCollectionDecision.OfOwner(owner.Metadata, dependents.Select(item => item.Metadata));
        await EachAsync([.. step.Orphan.Select(metadata => byUid[metadata.Uid])], item => ReplaceReferencesAsync(item, GarbageCollectionDecision.ReferencesWithout(item.Metadata, OwnerUid)));
        await EachAsync([.. step.Collect.Select(metadata => byUid[metadata.Uid])], CollectDependentAsync);
        if (step.RemoveFinalizer is { } finalizer)
        {
            await mutations.RemoveFinalizerAsync(owner, finalizer);
        }
        else if (step.Orphan.Count > 0)
        {
            news = true;
        }
    }

    private async Task CollectDependentAsync(StoredObject item)
    {
        Dictionary<string, OwnerKnowledge> known = [];
        foreach (var reference in item.Metadata.OwnerReferences ?? [])
        {
            known[reference.Uid] = await KnowAsync(reference, item.Key.Namespace);
        }

        var step = GarbageCollectionDecision.OfDependent(item.Metadata, reference => known[reference.Uid], DependentsOf(item));
        switch (step.Action)
        {
            case CollectionAction.Delete:
                if (step.RemainingReferences is { } unblocked)
                {
                    await ReplaceReferencesAsync(item, unblocked);
                }

                await mutations.DeleteAsync(item, step.PropagationPolicy);
                break;
            case CollectionAction.DropReferences:
                await ReplaceReferencesAsync(item, step.RemainingReferences);
                break;
        }
    }

    private DependentsKnowledge DependentsOf(StoredObject item)
    {
        var dependents = services.Replicas.Owners.DependentsOf(item.Uid).Select(services.Replicas.Find).OfType<StoredObject>().ToList();
        return dependents.Count == 0
            ? DependentsKnowledge.None
            : dependents.Exists(dependent => GarbageCollectionDecision.IsDeletingDependents(dependent.Metadata))
                ? DependentsKnowledge.SomeDeletingInForeground
                : DependentsKnowledge.Some;
    }

    private async Task<OwnerKnowledge> KnowAsync(V1OwnerReference reference, string space)
    {
        if (OwnerKeys.Of(reference, space) is not { } key)
        {
            return OwnerKnowledge.Unknown;
        }

        if (services.Replicas.Find(key) is { } owner && owner.Uid == reference.Uid)
        {
            return GarbageCollectionDecision.IsDeletingDependents(owner.Metadata) ? OwnerKnowledge.DeletingInForeground : OwnerKnowledge.Present;
        }

        var uid = await services.Grains.GetGrain<IJournalGrain>(Journals.Objects).UidOf(key);
        return uid == reference.Uid ? OwnerKnowledge.Present : OwnerKnowledge.Absent;
    }

    private Task ReplaceReferencesAsync(StoredObject item, IList<V1OwnerReference>? references) =>
        mutations.ChangeMetadataAsync(item, metadata => metadata with { OwnerReferences = references is { Count: > 0 } ? references : null });

    private static async Task EachAsync(IReadOnlyList<StoredObject> items, Func<StoredObject, Task> work)
    {
        foreach (var part in items.Chunk(AtOnce))
        {
            await Task.WhenAll(part.Select(work));
        }
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "Collecting the dependents of {Owner} failed; the sweep tries again")]
    private partial void LogFailed(Exception failure, ObjectKey owner);
}
