using k8s.Models;
using Orleans.StatefulSets.Resources.Quantities;

namespace Orleans.StatefulSets.Reconciliation.Quotas;

/// <summary>
/// A quota's account: what the stored objects use, what was granted to objects that are not seen stored yet, and what somebody else
/// granted, of which only the sum is known. The three together are <c>status.used</c>, which so is never less than what is stored.
/// </summary>
public sealed class QuotaLedger
{
    private readonly Dictionary<string, Entry> entries = [];
    private readonly Dictionary<string, List<Grant>> grants = [];
    private readonly Dictionary<string, Amount> sum = [];
    private readonly PriorityQueue<string, DateTime> endings = new();
    private Dictionary<string, Amount> unexplained = [];
    private V1ResourceQuotaSpec spec = new();

    /// <summary>Whether objects are on their way.</summary>
    public bool HasGrants => grants.Count > 0;

    /// <summary>When the next pod that is being deleted stops to count, in the cluster's time; null where none is.</summary>
    public DateTime? NextEnding => endings.TryPeek(out _, out var due) ? due : null;

    /// <summary>Forgets the objects and counts by another spec; what was granted stays granted.</summary>
    public void Restart(V1ResourceQuotaSpec next)
    {
        spec = next;
        entries.Clear();
        sum.Clear();
        endings.Clear();
    }

    /// <summary>Takes an object into account that was stored when the counting began.</summary>
    public void Fill(string resource, string uid, long version, object model, DateTime now) => Take(resource, uid, version, model, now, isNews: false);

    /// <summary>Takes a stored object into account, if this is news of it.</summary>
    /// <param name="resource">Its resource, <c>pods</c>.</param>
    /// <param name="uid">Its uid.</param>
    /// <param name="version">The revision.</param>
    /// <param name="model">The object.</param>
    /// <param name="now">The cluster's time.</param>
    public void Take(string resource, string uid, long version, object model, DateTime now) => Take(resource, uid, version, model, now, isNews: true);

    private void Take(string resource, string uid, long version, object model, DateTime now, bool isNews)
    {
        var isKnown = entries.TryGetValue(uid, out var known);
        if (isKnown && known!.Version >= version)
        {
            return;
        }

        var usage = QuotaScopes.Match(spec, model) ? ResourceList.Mask(QuotaUsage.Of(resource, model, now), spec.Hard) : ResourceList.None;
        Book(uid, new Entry(version, usage), known);
        if (!Settle(uid, version) && !isKnown && isNews)
        {
            Explain(usage);
        }

        if (usage.Count > 0 && model is V1Pod pod && PodUsage.CountsUntil(pod) is { } due && due >= now)
        {
            endings.Enqueue(uid, due);
        }
    }

    /// <summary>The object is gone.</summary>
    public void Remove(string uid, long version)
    {
        Settle(uid, version);
        if (entries.Remove(uid, out var known))
        {
            ResourceList.TakeFrom(sum, known.Usage);
        }
    }

    /// <summary>Stops to count the pods whose time to end is over.</summary>
    public void End(DateTime now)
    {
        while (endings.TryPeek(out var uid, out var due) && due < now)
        {
            endings.Dequeue();
            if (entries.TryGetValue(uid, out var known))
            {
                Book(uid, known with { Usage = PodUsage.Ended(known.Usage) }, known);
            }
        }
    }

    /// <summary>Whether that charge was granted already and waits for its object.</summary>
    public bool IsGranted(string uid, Guid ticket) => grants.TryGetValue(uid, out var all) && all.Exists(grant => grant.Ticket == ticket);

    /// <summary>Grants a charge until its object is seen stored, with a revision after <paramref name="basis"/>.</summary>
    /// <param name="uid">The object's uid.</param>
    /// <param name="ticket">The charge's own name.</param>
    /// <param name="basis">The revision that the write is made on; 0 for a new object.</param>
    /// <param name="charge">What is granted.</param>
    /// <param name="until">When the grant is forgotten, should nothing more be heard of it; wall time.</param>
    public void Give(string uid, Guid ticket, long basis, IReadOnlyDictionary<string, Amount> charge, DateTimeOffset until)
    {
        if (!grants.TryGetValue(uid, out var all))
        {
            grants[uid] = all = [];
        }

        all.Add(new Grant(ticket, basis, charge, until));
    }

    /// <summary>The object will not be stored with that charge.</summary>
    public void TakeBack(string uid, Guid ticket)
    {
        if (grants.TryGetValue(uid, out var all))
        {
            all.RemoveAll(grant => grant.Ticket == ticket);
            if (all.Count == 0)
            {
                grants.Remove(uid);
            }
        }
    }

    /// <summary>Forgets grants of which nothing was heard for too long: who had them is gone.</summary>
    public void Forget(DateTimeOffset wall)
    {
        foreach (var (uid, all) in grants.Where(pair => pair.Value.Exists(grant => grant.Until <= wall)).ToList())
        {
            all.RemoveAll(grant => grant.Until <= wall);
            if (all.Count == 0)
            {
                grants.Remove(uid);
            }
        }
    }

    /// <summary>
    /// Another holder of this quota wrote that status: what it says more than this account knows was granted by that one, to objects that
    /// are still on their way.
    /// </summary>
    public void Inherit(IDictionary<string, ResourceQuantity>? stored)
    {
        unexplained = [];
        unexplained = ResourceList.Growth(ResourceList.Of(stored), Used()).ToDictionary();
    }

    /// <summary>Whatever another holder granted is stored by now, or never will be.</summary>
    public void Disinherit() => unexplained = [];

    /// <summary>What is used of everything that the quota limits.</summary>
    public Dictionary<string, Amount> Used()
    {
        var used = (spec.Hard ?? new Dictionary<string, ResourceQuantity>()).Keys.ToDictionary(name => name, _ => Amount.Zero);
        Add(sum);
        Add(unexplained);
        foreach (var grant in grants.Values.SelectMany(all => all))
        {
            Add(grant.Charge);
        }

        return used;

        void Add(IReadOnlyDictionary<string, Amount> amounts)
        {
            foreach (var (name, amount) in amounts)
            {
                if (used.TryGetValue(name, out var present))
                {
                    used[name] = present + amount;
                }
            }
        }
    }

    private void Book(string uid, Entry next, Entry? known)
    {
        if (known is not null)
        {
            ResourceList.TakeFrom(sum, known.Usage);
        }

        ResourceList.AddTo(sum, next.Usage);
        entries[uid] = next;
    }

    private bool Settle(string uid, long version)
    {
        if (!grants.TryGetValue(uid, out var all))
        {
            return false;
        }

        var settled = all.RemoveAll(grant => grant.Basis < version) > 0;
        if (all.Count == 0)
        {
            grants.Remove(uid);
        }

        return settled;
    }

    private void Explain(IReadOnlyDictionary<string, Amount> usage)
    {
        foreach (var (name, amount) in usage)
        {
            if (unexplained.TryGetValue(name, out var open))
            {
                unexplained[name] = open.Value > amount.Value ? open - amount : Amount.Zero;
            }
        }
    }

    private sealed record Entry(long Version, IReadOnlyDictionary<string, Amount> Usage);

    private sealed record Grant(Guid Ticket, long Basis, IReadOnlyDictionary<string, Amount> Charge, DateTimeOffset Until);
}
