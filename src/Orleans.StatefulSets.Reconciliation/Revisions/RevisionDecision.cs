using k8s.Models;
using Orleans.StatefulSets.Reconciliation.StatefulSets;

namespace Orleans.StatefulSets.Reconciliation.Revisions;

/// <summary>Which revisions a set has, needs and forgets (upstream <c>getStatefulSetRevisions</c> and <c>truncateHistory</c>).</summary>
public static class RevisionDecision
{
    /// <summary>The label that carries the hash of a revision's name.</summary>
    public const string HashLabel = "controller.kubernetes.io/hash";

    /// <summary>Finds, makes or raises the update revision. A set that is being deleted neither creates, raises nor adopts.</summary>
    /// <param name="set">The set.</param>
    /// <param name="revisions">Revisions that match its selector, and have no controller or the set.</param>
    /// <param name="find">Any revision of the namespace by name.</param>
    public static RevisionPlan Decide(
        V1StatefulSet set, IReadOnlyList<V1ControllerRevision> revisions, Func<string, V1ControllerRevision?> find)
    {
        var deleting = set.Metadata.DeletionTimestamp is not null;
        var sorted = Sort(set, revisions);
        var adopted = Adopt(set, sorted, deleting);
        var plan = UpdateRevision(set, sorted, find) with { Adopt = adopted };
        var current = sorted.Find(revision => revision.Metadata.Name == set.Status?.CurrentRevision) ?? plan.Update;
        plan = plan with { Current = current.Metadata.Name == plan.Update.Metadata.Name ? plan.Update : current };
        return deleting ? plan with { Create = null, Raise = null } : plan;
    }

    /// <summary>The revisions over the history limit, oldest first: those that are neither current, nor the update's, nor named by a pod.</summary>
    /// <param name="set">The set.</param>
    /// <param name="revisions">As for <see cref="Decide"/>.</param>
    /// <param name="plan">What <see cref="Decide"/> said.</param>
    /// <param name="referenced">Whether a pod of the set names that revision.</param>
    public static IReadOnlyList<V1ControllerRevision> Prune(
        V1StatefulSet set, IReadOnlyList<V1ControllerRevision> revisions, RevisionPlan plan, Func<string, bool> referenced)
    {
        var limit = set.Spec.RevisionHistoryLimit ?? 10;
        if (limit < 0 || revisions.Count <= limit)
        {
            return [];
        }

        var past = Sort(set, revisions).Where(revision => !IsLive(revision.Metadata.Name)).ToList();
        return past.Count <= limit ? [] : past[..(past.Count - limit)];

        bool IsLive(string name) => name == plan.Current.Metadata.Name || name == plan.Update.Metadata.Name || referenced(name);
    }

    private static List<V1ControllerRevision> Sort(V1StatefulSet set, IReadOnlyList<V1ControllerRevision> revisions) =>
    [
        .. revisions.Where(revision => Ownership.ControllerOf(revision.Metadata) is not { } owner || owner.Uid == set.Metadata.Uid)
            .OrderBy(revision => revision.Revision ?? 0)
            .ThenBy(revision => revision.Metadata.CreationTimestamp ?? DateTime.MinValue)
            .ThenBy(revision => revision.Metadata.Name, StringComparer.Ordinal),
    ];

    private static List<V1ControllerRevision> Adopt(V1StatefulSet set, List<V1ControllerRevision> sorted, bool deleting)
    {
        var adopted = new List<V1ControllerRevision>();
        for (var i = 0; i < sorted.Count && !deleting; i++)
        {
            var metadata = sorted[i].Metadata;
            if (Ownership.ControllerOf(metadata) is null && metadata.DeletionTimestamp is null)
            {
                sorted[i] = RevisionData.Keep(sorted[i]) with { Metadata = Ownership.Adopt(set, metadata) };
                adopted.Add(sorted[i]);
            }
        }

        return adopted;
    }

    private static RevisionPlan UpdateRevision(V1StatefulSet set, List<V1ControllerRevision> sorted, Func<string, V1ControllerRevision?> find)
    {
        var data = RevisionData.Of(set.Spec.Template);
        var count = set.Status?.CollisionCount ?? 0;
        var equal = sorted.FindLast(revision => RevisionData.Of(revision).SameAs(data));
        if (equal is null)
        {
            return Create(set, data, sorted.Count == 0 ? 1 : (sorted[^1].Revision ?? 0) + 1, count, find);
        }

        var newest = sorted[^1];
        if (RevisionData.Of(newest).SameAs(data))
        {
            return new RevisionPlan { Current = newest, Update = newest, CollisionCount = count };
        }

        var raised = RevisionData.Keep(equal) with { Revision = newest.Revision + 1 };
        return new RevisionPlan { Current = raised, Update = raised, CollisionCount = count, Raise = raised };
    }

    // The label keeps the hash of the first try, as upstream's does: only the name is tried again.
    private static RevisionPlan Create(V1StatefulSet set, RevisionData data, long number, int count, Func<string, V1ControllerRevision?> find)
    {
        var label = RevisionHash.Of(data, count);
        for (; ; count++)
        {
            var name = RevisionHash.Name(set.Metadata.Name, RevisionHash.Of(data, count));
            if (find(name) is not { } taken)
            {
                var created = New(set, data, number, name, label);
                return new RevisionPlan { Current = created, Update = created, CollisionCount = count, Create = created };
            }

            if (RevisionData.Of(taken).SameAs(data))
            {
                return new RevisionPlan { Current = taken, Update = taken, CollisionCount = count };
            }
        }
    }

    private static V1ControllerRevision New(V1StatefulSet set, RevisionData data, long number, string name, string hash)
    {
        var labels = new Dictionary<string, string>(set.Spec.Template.Metadata?.Labels ?? new Dictionary<string, string>()) { [HashLabel] = hash };
        return new V1ControllerRevision
        {
            ApiVersion = "apps/v1",
            Kind = "ControllerRevision",
            Metadata = new V1ObjectMeta
            {
                Name = name,
                NamespaceProperty = set.Metadata.NamespaceProperty,
                Labels = labels,
                Annotations = set.Metadata.Annotations is { Count: > 0 } annotations ? new Dictionary<string, string>(annotations) : null,
                OwnerReferences = [Ownership.To(set)],
            },
            Data = data,
            Revision = number,
        };
    }
}
