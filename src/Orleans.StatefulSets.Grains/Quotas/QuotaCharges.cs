using k8s.Models;
using Orleans.StatefulSets.Grains.Messages;
using Orleans.StatefulSets.Grains.Objects;
using Orleans.StatefulSets.Grains.Replicas;
using Orleans.StatefulSets.Grains.Time;
using Orleans.StatefulSets.Reconciliation.Quotas;
using Orleans.StatefulSets.Resources.Errors;
using Orleans.StatefulSets.Resources.Kinds;
using Orleans.StatefulSets.Resources.Objects;
using Orleans.StatefulSets.Resources.Quantities;
using Orleans.StatefulSets.Resources.Writing;

namespace Orleans.StatefulSets.Grains.Quotas;

/// <summary>A charge that all quotas of a namespace granted, until its object is stored.</summary>
internal sealed class QuotaCharge(string uid, Guid ticket)
{
    private readonly List<IResourceQuotaGrain> quotas = [];

    public void Add(IResourceQuotaGrain quota) => quotas.Add(quota);

    /// <summary>The object is not stored. Should a quota not hear of it, it forgets the charge by itself.</summary>
    public void GiveBack() => quotas.ForEach(quota => quota.GiveBack(uid, ticket).Ignore());
}

/// <summary>Asks the quotas of a namespace, one after another, before an object that they count is stored.</summary>
internal sealed class QuotaCharges(ObjectRoutes routes, ReplicaSet replicas, CommitIds tickets, ClusterClock clock)
{
    private const int MostAsks = 3;

    /// <summary>Charges a decision to every quota that counts the object.</summary>
    /// <returns>What may have to be given back; null where no quota was asked.</returns>
    /// <exception cref="ApiException">403: a quota refuses; those that had granted have it back.</exception>
    public ValueTask<QuotaCharge?> TakeAsync(ObjectKey key, StoredObject? current, WriteDecision decision, bool dryRun)
    {
        if (key.Namespace.Length == 0 || replicas.Quotas.In(key.Namespace) is not { Count: > 0 } quotas || !UsesMore(key, current, decision))
        {
            return default;
        }

        var concerned = quotas.Where(quota => QuotaUsage.Concerns((V1ResourceQuota)quota.KeepModel(), key.Resource)).ToList();
        return concerned.Count == 0 ? default : new ValueTask<QuotaCharge?>(AskAsync(concerned, key, current, decision, dryRun));
    }

    private bool UsesMore(ObjectKey key, StoredObject? current, WriteDecision decision) => decision.Outcome switch
    {
        WriteOutcome.Created => true,
        WriteOutcome.Updated => current is not null && QuotaUsage.GrowsByUpdates(key.Resource)
            && ResourceList.Growth(QuotaUsage.Of(key.Resource, decision.Model, clock.Now), QuotaUsage.Of(key.Resource, current.Model, clock.Now)).Count > 0,
        _ => false,
    };

    private async Task<QuotaCharge?> AskAsync(List<StoredObject> quotas, ObjectKey key, StoredObject? current, WriteDecision decision, bool dryRun)
    {
        var request = new QuotaRequest
        {
            Key = key,
            Uid = ((IMetadata<V1ObjectMeta>)decision.Model).Metadata.Uid,
            Ticket = tickets.Next(),
            Basis = current?.ResourceVersion ?? 0,
            Next = new Model(decision.Model),
            Before = current is null ? null : new Model(current.Model),
            DryRun = dryRun,
        };
        var charge = new QuotaCharge(request.Uid, request.Ticket);
        foreach (var quota in quotas)
        {
            var grain = routes.ResourceQuota(key.Namespace, quota.Key.Name);
            charge.Add(grain);
            if (await AskAsync(grain, request, charge) is { } refusal)
            {
                charge.GiveBack();
                throw ApiErrors.Forbidden(ResourceKinds.Of(key), key.Name, refusal);
            }
        }

        return charge;
    }

    // An answer may be lost with a silo; asked again with the same ticket, the quota charges once.
    private static async Task<string?> AskAsync(IResourceQuotaGrain quota, QuotaRequest request, QuotaCharge charge)
    {
        for (var ask = 1; ; ask++)
        {
            try
            {
                return await quota.Charge(request);
            }
            catch (Exception) when (ask < MostAsks)
            {
            }
            catch (Exception)
            {
                charge.GiveBack();
                throw ApiErrors.InternalError("resource quota evaluation timed out");
            }
        }
    }
}
