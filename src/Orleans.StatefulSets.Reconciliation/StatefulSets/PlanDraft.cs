using k8s.Models;
using Orleans.StatefulSets.Reconciliation.Revisions;

namespace Orleans.StatefulSets.Reconciliation.StatefulSets;

/// <summary>A plan while it is made: the situation on one side, the lists on the other.</summary>
internal sealed class PlanDraft(V1StatefulSet set, SetFrame frame, StatefulSetSummary pods, RevisionPlan revisions)
{
    private readonly List<PodReference> adopt = [];
    private readonly List<PodReference> release = [];
    private readonly List<PodCreation> create = [];
    private readonly List<PodMending> mend = [];
    private readonly List<ClaimOwnership> claims = [];
    private readonly List<PodDeletion> delete = [];
    private readonly List<CreationHindrance> hindered = [];

    internal V1StatefulSet Set => set;

    internal SetFrame Frame => frame;

    internal StatefulSetSummary Pods => pods;

    internal PodBuckets Buckets => pods.Buckets;

    internal string UpdateRevision => revisions.Update.Metadata.Name;

    internal int DeletedForUpdate { get; private set; }

    /// <summary>A list reached its bound: what follows waits for the next plan.</summary>
    internal bool More { get; private set; }

    private IList<V1PersistentVolumeClaim> Templates => set.Spec.VolumeClaimTemplates ?? [];

    /// <summary>The first of many, and <see cref="More"/> when there are more of them.</summary>
    internal IReadOnlyList<T> Bounded<T>(IEnumerable<T> items)
    {
        var taken = items.Take(StatefulSetDecision.MostPerPlan + 1).ToList();
        if (taken.Count > StatefulSetDecision.MostPerPlan)
        {
            More = true;
            taken.RemoveAt(taken.Count - 1);
        }

        return taken;
    }

    internal void ClaimPods()
    {
        adopt.AddRange(Bounded(Buckets.Adoptable).Select(Reference));
        release.AddRange(Bounded(Buckets.Releasable).Select(Reference));
    }

    /// <summary>Creates the missing ordinal, or says what hinders it.</summary>
    internal void Create(int ordinal)
    {
        var name = StatefulSetNames.Pod(set.Metadata.Name, ordinal);
        var error = ClaimWasOfFormerPod(ordinal, name) ? "" : TerminatingClaims(ordinal);
        if (error is not null || Buckets.Obstacles.Contains(ordinal))
        {
            hindered.Add(new CreationHindrance(ordinal, name, error ?? ""));
            return;
        }

        var revision = UpdateRules.TakesCurrentRevision(set, ordinal) ? revisions.Current : revisions.Update;
        var template = ReferenceEquals(revision, revisions.Update) ? set.Spec.Template : RevisionData.Of(revision).Template;
        create.Add(new PodCreation
        {
            Ordinal = ordinal,
            Revision = revision.Metadata.Name,
            Pod = StatefulSetPods.New(set, template, revision.Metadata.Name, ordinal),
            Claims = MissingClaims(ordinal),
        });
    }

    /// <summary>Upstream's sync would end in an error at this ordinal: the name is taken, or a claim is being deleted.</summary>
    internal bool Fails(int ordinal)
    {
        if (pods.Member(ordinal) is { } pod)
        {
            return pod.Phase == "Pending" && pods.Claims.Terminating.Contains(ordinal);
        }

        return (Buckets.Obstacles.Contains(ordinal) || pods.Claims.Terminating.Contains(ordinal))
            && !ClaimWasOfFormerPod(ordinal, StatefulSetNames.Pod(set.Metadata.Name, ordinal));
    }

    /// <summary>Puts a pod of the range and its claims right, as far as they are not.</summary>
    internal void Mend(int ordinal)
    {
        if (pods.Member(ordinal) is not { } pod)
        {
            return;
        }

        var fails = Fails(ordinal);
        var rewrite = !fails && Buckets.Misfit.Contains(ordinal) && (UpdateRules.IsParallel(set) || !Buckets.Blocking.Contains(ordinal));
        var missing = pod.Phase == "Pending" || (rewrite && !pod.StorageMatches) ? MissingClaims(ordinal) : [];
        if (rewrite || missing.Count > 0)
        {
            mend.Add(new PodMending { Ordinal = ordinal, Name = pod.Name, Uid = pod.Uid, Rewrite = rewrite, Claims = missing });
        }

        if (!fails)
        {
            GiveClaims(pod, recordsUpdate: pod.Phase != "Pending");
        }
    }

    /// <summary>Gives the pod's claims the owners of the retention policy.</summary>
    internal void GiveClaims(PodObservation pod, bool recordsUpdate)
    {
        foreach (var template in Templates)
        {
            if (Claim(template, pod.Ordinal) is { } claim
                && ClaimRetention.Correction(frame, claim, new PodReference(pod.Name, pod.Uid)) is { } references)
            {
                claims.Add(new ClaimOwnership(claim.Name, claim.Uid, pod.Ordinal, references) { RecordsUpdate = recordsUpdate });
            }
        }
    }

    internal void Delete(int ordinal, DeletionReason reason)
    {
        var pod = pods.Member(ordinal)!;
        delete.Add(new PodDeletion(ordinal, pod.Name, pod.Uid, reason));
        DeletedForUpdate += reason == DeletionReason.Update ? 1 : 0;
    }

    internal StatefulSetPlan Finish(V1StatefulSetStatus status, DateTime now) => new()
    {
        Revisions = revisions,
        Adopt = adopt,
        Release = release,
        Create = create,
        Mend = mend,
        Claims = claims,
        Delete = delete,
        Hindered = hindered,
        Status = status,
        StatusChanged = StatusRules.IsInconsistent(set.Status, status),
        RecheckAt = Buckets.Maturing.Count == 0 ? null : Buckets.Maturing.First().Key.Due,
        SlowStart = UpdateRules.IsParallel(set),
        More = More,
    };

    private PodReference Reference(string name) => new(name, pods.Find(name)!.Uid);

    private ClaimObservation? Claim(V1PersistentVolumeClaim template, int ordinal) =>
        pods.FindClaim(StatefulSetNames.Claim(set.Metadata.Name, template.Metadata.Name, ordinal));

    private List<V1PersistentVolumeClaim> MissingClaims(int ordinal) =>
        [.. Templates.Where(template => Claim(template, ordinal) is null).Select(template => StatefulSetClaims.New(set, template, ordinal))];

    private bool ClaimWasOfFormerPod(int ordinal, string podName) => Templates.Any(template =>
        Claim(template, ordinal) is { } claim && ClaimRetention.BelongsToFormerPod(frame, claim, podName));

    // Several errors are one aggregate, worded as apimachinery's util/errors words it.
    private string? TerminatingClaims(int ordinal)
    {
        var errors = Templates.Select(template => Claim(template, ordinal)).OfType<ClaimObservation>()
            .Where(claim => claim.Terminating).Select(claim => $"pvc {claim.Name} is being deleted").ToList();
        return errors.Count > 1 ? $"[{string.Join(", ", errors)}]" : errors.FirstOrDefault();
    }
}
