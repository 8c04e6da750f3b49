using System.Globalization;
using k8s.Models;
using Orleans.StatefulSets.Reconciliation.StatefulSets;

namespace Orleans.StatefulSets.Reconciliation.Tests.StatefulSets;

/// <summary>
/// A namespace with one set in it: pods, claims and revisions that live, fail and are deleted by chance, and tell the set's summary late,
/// twice and out of order. It carries plans out as the set's grain does, and feeds its own writes back at once.
/// </summary>
internal sealed class FakeCluster(V1StatefulSet set, Random chance)
{
    private readonly List<Action> undelivered = [];
    private long version = 100;
    private int uids;

    internal V1StatefulSet Set { get; private set; } = set;

    internal DateTime Now { get; private set; } = new(2025, 1, 1, 0, 0, 0, DateTimeKind.Utc);

    internal SortedDictionary<string, V1Pod> Pods { get; } = new(StringComparer.Ordinal);

    internal SortedDictionary<string, V1PersistentVolumeClaim> Claims { get; } = new(StringComparer.Ordinal);

    internal Dictionary<string, V1ControllerRevision> Revisions { get; } = [];

    internal StatefulSetSummary Summary { get; } = new();

    internal StatefulSetSituation Situation => new()
    {
        Set = Set,
        Revisions = [.. Revisions.Values],
        FindRevision = name => Revisions.GetValueOrDefault(name),
        Pods = Summary,
        Now = Now,
    };

    internal StatefulSetPlan Decide() => StatefulSetDecision.Decide(Situation);

    internal void Advance(TimeSpan time) => Now += time;

    internal void Change(Func<V1StatefulSetSpec, V1StatefulSetSpec> change) =>
        Set = Set with { Spec = change(Set.Spec), Metadata = Set.Metadata with { Generation = Set.Metadata.Generation + 1 } };

    internal void MarkDeleted() => Set = Set with { Metadata = Set.Metadata with { DeletionTimestamp = Now } };

    /// <summary>Carries the plan out; each step fails by that chance, and a failure ends the round but for the status.</summary>
    internal void CarryOut(StatefulSetPlan plan, double failureChance)
    {
        if (Steps(plan).All(step => chance.NextDouble() >= failureChance && step()))
        {
            plan.Revisions.Prune.ToList().ForEach(revision => Revisions.Remove(revision.Metadata.Name));
        }

        if (plan.StatusChanged)
        {
            Set = Set with { Status = plan.Status };
        }
    }

    internal void Put(V1Pod pod, bool tellNow = false)
    {
        var at = ++version;
        var stamped = pod with { Metadata = pod.Metadata with { ResourceVersion = at.ToString(CultureInfo.InvariantCulture) } };
        Pods[pod.Metadata.Name] = stamped;
        var observation = PodObservation.Of(Set, stamped, at)!;
        Tell(() => Summary.Observe(observation), tellNow);
    }

    internal void Put(V1PersistentVolumeClaim claim, bool tellNow = false)
    {
        var at = ++version;
        Claims[claim.Metadata.Name] = claim;
        var observation = ClaimObservation.Of(Set, claim, at)!;
        Tell(() => Summary.Observe(observation), tellNow);
    }

    internal void Vanish(V1Pod pod, bool tellNow = false)
    {
        var at = ++version;
        Pods.Remove(pod.Metadata.Name);
        Tell(() => Summary.Remove(pod.Metadata.Name, pod.Metadata.Uid, at), tellNow);
    }

    internal void Delete(V1Pod pod, bool tellNow = false)
    {
        if (pod.Spec.NodeName is null || pod.Status.Phase is "Failed" or "Succeeded")
        {
            Vanish(pod, tellNow);
        }
        else
        {
            Put(pod with { Metadata = pod.Metadata with { DeletionTimestamp = Now } }, tellNow);
        }
    }

    internal void Delete(V1PersistentVolumeClaim claim) => Put(claim with { Metadata = claim.Metadata with { DeletionTimestamp = Now } });

    internal string NewUid() => string.Create(CultureInfo.InvariantCulture, $"uid-{++uids}");

    /// <summary>What claim protection and the garbage collector do.</summary>
    internal void Collect()
    {
        var uidsAlive = Pods.Values.Select(pod => pod.Metadata.Uid).Append(Set.Metadata.Uid).ToHashSet();
        foreach (var claim in Claims.Values.ToList())
        {
            var owners = claim.Metadata.OwnerReferences ?? [];
            var used = Pods.Values.Any(pod => pod.Spec.Volumes?.Any(volume => volume.PersistentVolumeClaim?.ClaimName == claim.Metadata.Name) == true);
            var orphaned = owners.Count > 0 && owners.All(owner => !uidsAlive.Contains(owner.Uid));
            if (!used && (orphaned || claim.Metadata.DeletionTimestamp is not null))
            {
                var at = ++version;
                Claims.Remove(claim.Metadata.Name);
                Tell(() => Summary.RemoveClaim(claim.Metadata.Name, claim.Metadata.Uid, at), false);
            }
        }
    }

    /// <summary>Delivers some of what waits to be told, in any order, some of it twice.</summary>
    internal void Deliver(double share)
    {
        for (var i = undelivered.Count - 1; i >= 0; i--)
        {
            if (chance.NextDouble() < share)
            {
                var index = chance.Next(undelivered.Count);
                undelivered[index]();
                if (chance.Next(4) > 0)
                {
                    undelivered.RemoveAt(index);
                }
            }
        }
    }

    internal void DeliverAll()
    {
        undelivered.ForEach(tell => tell());
        undelivered.Clear();
    }

    private void Tell(Action tell, bool now)
    {
        if (now)
        {
            tell();
        }
        else
        {
            undelivered.Add(tell);
        }
    }

    private IEnumerable<Func<bool>> Steps(StatefulSetPlan plan)
    {
        IEnumerable<V1ControllerRevision?> written = [.. plan.Revisions.Adopt, plan.Revisions.Create, plan.Revisions.Raise];
        return
        [
            .. written.OfType<V1ControllerRevision>().Select<V1ControllerRevision, Func<bool>>(revision => () => Write(revision)),
            .. plan.Adopt.Select<PodReference, Func<bool>>(pod => () => Rewrite(pod, found => found with { Metadata = Ownership.Adopt(Set, found.Metadata) })),
            .. plan.Release.Select<PodReference, Func<bool>>(pod => () => Rewrite(pod, found => found with { Metadata = Ownership.Release(Set, found.Metadata) })),
            .. plan.Create.Select<PodCreation, Func<bool>>(creation => () => Create(creation)),
            .. plan.Mend.Select<PodMending, Func<bool>>(mending => () => Mend(mending)),
            .. plan.Claims.Select<ClaimOwnership, Func<bool>>(ownership => () => Give(ownership)),
            .. plan.Delete.Select<PodDeletion, Func<bool>>(deletion => () => Delete(deletion)),
        ];
    }

    private bool Write(V1ControllerRevision revision)
    {
        Revisions[revision.Metadata.Name] = revision;
        return true;
    }

    private bool Rewrite(PodReference reference, Func<V1Pod, V1Pod> change)
    {
        if (!Pods.TryGetValue(reference.Name, out var pod) || pod.Metadata.Uid != reference.Uid)
        {
            return false;
        }

        Put(change(pod), tellNow: true);
        return true;
    }

    private bool Create(PodCreation creation)
    {
        Ensure(creation.Claims);
        var name = creation.Pod.Metadata.Name;
        if (Pods.ContainsKey(name))
        {
            return false;
        }

        Put(creation.Pod with { Metadata = creation.Pod.Metadata with { Uid = NewUid() }, Status = new V1PodStatus { Phase = "Pending" } }, tellNow: true);
        return true;
    }

    private bool Mend(PodMending mending)
    {
        Ensure(mending.Claims);
        return !mending.Rewrite || Rewrite(new PodReference(mending.Name, mending.Uid), pod => StatefulSetPods.Mend(Set, pod));
    }

    private void Ensure(IReadOnlyList<V1PersistentVolumeClaim> claims)
    {
        foreach (var claim in claims.Where(claim => !Claims.ContainsKey(claim.Metadata.Name)))
        {
            Put(claim with { Metadata = claim.Metadata with { Uid = NewUid() } }, tellNow: true);
        }
    }

    private bool Give(ClaimOwnership ownership)
    {
        if (!Claims.TryGetValue(ownership.Name, out var claim) || claim.Metadata.Uid != ownership.Uid)
        {
            return false;
        }

        Put(claim with { Metadata = claim.Metadata with { OwnerReferences = [.. ownership.OwnerReferences] } }, tellNow: true);
        return true;
    }

    private bool Delete(PodDeletion deletion)
    {
        if (Pods.TryGetValue(deletion.Name, out var pod) && pod.Metadata.Uid == deletion.Uid)
        {
            Delete(pod, tellNow: true);
        }

        return true;
    }
}
