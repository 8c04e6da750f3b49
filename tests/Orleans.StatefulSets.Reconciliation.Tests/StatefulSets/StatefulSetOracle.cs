using k8s.Models;
using Orleans.StatefulSets.Reconciliation.Revisions;
using Orleans.StatefulSets.Reconciliation.StatefulSets;

namespace Orleans.StatefulSets.Reconciliation.Tests.StatefulSets;

/// <summary>
/// The same decision from the whole state, following upstream's <c>updateStatefulSet</c> step by step with arrays and loops. Slow and
/// plain, so that it can be compared with the source by eye; the summary's decision must say the same.
/// </summary>
internal sealed class StatefulSetOracle(
    V1StatefulSet set, RevisionPlan revisions, IReadOnlyList<PodObservation> known, Func<string, ClaimObservation?> findClaim, DateTime now)
{
    private const int LargestBatch = 500;

    private readonly List<string> adopt = [];
    private readonly List<string> release = [];
    private readonly SortedDictionary<int, string> create = [];
    private readonly SortedDictionary<int, string> mend = [];
    private readonly List<string> claims = [];
    private readonly List<string> delete = [];
    private readonly SortedDictionary<int, string> hindered = [];
    private readonly int start = set.Spec.Ordinals?.Start ?? 0;
    private readonly int count = set.Spec.Replicas ?? 1;
    private readonly bool monotonic = set.Spec.PodManagementPolicy != "Parallel";
    private int deletedForUpdate;

    private string Current => revisions.Current.Metadata.Name;

    private string Update => revisions.Update.Metadata.Name;

    internal (string Actions, V1StatefulSetStatus Status) Decide()
    {
        var pods = ClaimPods();
        if (set.Metadata.DeletionTimestamp is null)
        {
            Sync(pods);
        }

        string[] actions = [.. adopt, .. release, .. create.Values, .. mend.Values, .. claims, .. delete, .. hindered.Values];
        return (string.Join('\n', actions), Status(pods));
    }

    private List<PodObservation> ClaimPods()
    {
        var claimed = new List<PodObservation>();
        var deleting = set.Metadata.DeletionTimestamp is not null;
        foreach (var pod in known.OrderBy(pod => pod.Name, StringComparer.Ordinal))
        {
            var match = pod.MatchesSelector && pod.Ordinal >= 0;
            if (pod.Controlled && match)
            {
                claimed.Add(pod);
            }
            else if (pod.Controlled && !deleting)
            {
                release.Add($"release pod {pod.Name}");
            }
            else if (pod.Orphan && match && !deleting && !pod.Terminating)
            {
                adopt.Add($"adopt pod {pod.Name}");
                claimed.Add(pod);
            }
        }

        return claimed;
    }

    private void Sync(List<PodObservation> pods)
    {
        var replicas = new PodObservation?[count];
        foreach (var pod in pods.Where(pod => InRange(pod.Ordinal)))
        {
            replicas[pod.Ordinal - start] = pod;
        }

        var condemned = pods.Where(pod => !InRange(pod.Ordinal)).OrderByDescending(pod => pod.Ordinal).ToList();
        var firstUnhealthy = replicas.All(pod => pod is { Healthy: true }) ? condemned.LastOrDefault(pod => !pod.Healthy) : null;
        if (RunForAll(count, i => ProcessReplica(replicas[i], start + i)))
        {
            return;
        }

        foreach (var pod in condemned)
        {
            GiveClaims(pod);
        }

        if (RunForAll(condemned.Count, i => ProcessCondemned(condemned[i], firstUnhealthy)) || set.Spec.UpdateStrategy.Type == "OnDelete")
        {
            return;
        }

        UpdatePods(replicas);
    }

    private bool RunForAll(int length, Func<int, (bool Exit, bool Error)> process)
    {
        if (monotonic)
        {
            return Enumerable.Range(0, length).Select(process).Any(result => result.Exit || result.Error);
        }

        var next = 0;
        for (var batch = Math.Min(length, 1); batch > 0; batch = Math.Min(Math.Min(2 * batch, length - next), LargestBatch))
        {
            var failed = false;
            for (var i = 0; i < batch; i++)
            {
                failed |= process(next++).Error;
            }

            if (failed)
            {
                return true;
            }
        }

        return false;
    }

    private (bool Exit, bool Error) ProcessReplica(PodObservation? pod, int ordinal)
    {
        var name = $"{set.Metadata.Name}-{ordinal}";
        if (pod is { Phase: "Failed" or "Succeeded" })
        {
            if (!pod.Terminating)
            {
                delete.Add(PlanText.Delete(pod.Name, DeletionReason.Finished));
            }

            return (true, false);
        }

        if (pod is null)
        {
            return CreatePod(name, ordinal);
        }

        if (pod.Phase == "Pending")
        {
            var missing = Names(ordinal).Where(claim => findClaim(claim) is null).ToList();
            if (missing.Count > 0)
            {
                mend[ordinal] = PlanText.Mend(pod.Name, false, missing);
            }

            if (Names(ordinal).Any(claim => findClaim(claim) is { Terminating: true }))
            {
                return (true, true);
            }

            GiveClaims(pod);
        }

        if (monotonic && (pod.Terminating || !pod.RunningAndReady || !IsAvailable(pod)))
        {
            return (true, false);
        }

        if (!pod.IdentityMatches || !pod.StorageMatches)
        {
            var needed = pod.Phase == "Pending" || !pod.StorageMatches ? Names(ordinal).Where(claim => findClaim(claim) is null) : [];
            mend[ordinal] = PlanText.Mend(pod.Name, true, needed);
        }

        if (pod.Phase != "Pending")
        {
            GiveClaims(pod);
        }

        return default;
    }

    private (bool Exit, bool Error) CreatePod(string name, int ordinal)
    {
        var waits = set.Spec.PersistentVolumeClaimRetentionPolicy?.WhenScaled == "Delete"
            && Names(ordinal).Any(claim => findClaim(claim)?.OwnerReferences.Any(owner => owner.Kind == "Pod" && owner.Name == name) == true);
        var terminating = Names(ordinal).Where(claim => findClaim(claim) is { Terminating: true }).Select(claim => $"pvc {claim} is being deleted").ToList();
        if (waits || (terminating.Count == 0 && known.Any(pod => pod.Name == name)))
        {
            hindered[ordinal] = PlanText.Hinder(name, "");
            return (true, !waits);
        }

        if (terminating.Count > 0)
        {
            hindered[ordinal] = PlanText.Hinder(name, terminating.Count == 1 ? terminating[0] : $"[{string.Join(", ", terminating)}]");
            return (true, true);
        }

        var rolling = set.Spec.UpdateStrategy.RollingUpdate;
        var ofCurrent = (set.Spec.UpdateStrategy.Type == "RollingUpdate" && rolling is null && ordinal < start + (set.Status?.CurrentReplicas ?? 0))
            || (rolling is not null && ordinal < start + (rolling.Partition ?? 0));
        create[ordinal] = PlanText.Create(name, ofCurrent ? Current : Update, Names(ordinal).Where(claim => findClaim(claim) is null));
        return (monotonic, false);
    }

    private (bool Exit, bool Error) ProcessCondemned(PodObservation pod, PodObservation? firstUnhealthy)
    {
        if (pod.Terminating)
        {
            return (monotonic, false);
        }

        if (monotonic && pod != firstUnhealthy && (!pod.RunningAndReady || !IsAvailable(pod)))
        {
            return (true, false);
        }

        delete.Add(PlanText.Delete(pod.Name, DeletionReason.Condemned));
        return (true, false);
    }

    private void UpdatePods(PodObservation?[] replicas)
    {
        var rolling = set.Spec.UpdateStrategy.RollingUpdate;
        var floor = rolling?.Partition ?? 0;
        if (rolling?.MaxUnavailable is { } most)
        {
            var room = MaxUnavailable(most) - replicas.Count(pod => pod is not { Healthy: true });
            for (var target = count - 1; target >= floor && room > 0; target--)
            {
                if (IsStale(replicas[target]))
                {
                    DeleteForUpdate(replicas[target]!);
                    room--;
                }
            }

            return;
        }

        for (var target = count - 1; target >= floor; target--)
        {
            if (IsStale(replicas[target]))
            {
                DeleteForUpdate(replicas[target]!);
                return;
            }

            if (replicas[target] is not { Healthy: true })
            {
                return;
            }
        }
    }

    private int MaxUnavailable(IntOrString most)
    {
        var text = most.Value!;
        var number = text.EndsWith('%') ? (int)Math.Floor(count * double.Parse(text[..^1]) / 100) : int.Parse(text);
        return Math.Max(1, number);
    }

    private bool IsStale(PodObservation? pod) => pod is { Terminating: false } && pod.Revision != Update;

    private void DeleteForUpdate(PodObservation pod)
    {
        delete.Add(PlanText.Delete(pod.Name, DeletionReason.Update));
        deletedForUpdate++;
    }

    private void GiveClaims(PodObservation pod)
    {
        var scaled = set.Spec.PersistentVolumeClaimRetentionPolicy?.WhenScaled ?? "Retain";
        var deleted = set.Spec.PersistentVolumeClaimRetentionPolicy?.WhenDeleted ?? "Retain";
        foreach (var claim in Names(pod.Ordinal).Select(findClaim).OfType<ClaimObservation>())
        {
            var setOwns = claim.OwnerReferences.Any(owner => owner.Uid == set.Metadata.Uid);
            var podOwns = claim.OwnerReferences.Any(owner => owner.Uid == pod.Uid);
            var formerPod = claim.OwnerReferences.Any(owner => owner.Kind == "Pod" && owner.Name == pod.Name && owner.Uid != pod.Uid);
            var scaledDown = !InRange(pod.Ordinal);
            string[] wanted = (scaled, deleted) switch
            {
                ("Retain", "Retain") => [],
                ("Retain", "Delete") => ["StatefulSet"],
                ("Delete", "Retain") => scaledDown ? ["Pod"] : [],
                _ => scaledDown ? ["Pod"] : ["StatefulSet"],
            };
            if (!formerPod && (setOwns != wanted.Contains("StatefulSet") || podOwns != wanted.Contains("Pod")))
            {
                claims.Add($"give claim {claim.Name} to [{string.Join(", ", wanted.Select(kind => kind == "Pod" ? $"Pod {pod.Name}" : $"StatefulSet {set.Metadata.Name}"))}]");
            }
        }
    }

    private V1StatefulSetStatus Status(List<PodObservation> pods)
    {
        var standing = pods.Where(pod => pod.Phase != "" && !pod.Terminating).ToList();
        var replicas = pods.Count(pod => pod.Phase != "");
        var ready = pods.Count(pod => pod.RunningAndReady);
        var updated = standing.Count(pod => pod.Revision == Update);
        var current = standing.Count(pod => pod.Revision == Current) - deletedForUpdate;
        var complete = set.Spec.UpdateStrategy.Type == "RollingUpdate" && updated == count && ready == count && replicas == count;
        return new V1StatefulSetStatus
        {
            ObservedGeneration = set.Metadata.Generation,
            Replicas = replicas,
            ReadyReplicas = ready,
            AvailableReplicas = pods.Count(IsAvailable),
            CurrentReplicas = complete ? updated : current,
            UpdatedReplicas = updated,
            CurrentRevision = complete ? Update : Current,
            UpdateRevision = Update,
            CollisionCount = revisions.CollisionCount,
        };
    }

    private bool IsAvailable(PodObservation pod)
    {
        var minReady = TimeSpan.FromSeconds(set.Spec.MinReadySeconds ?? 0);
        return pod.RunningAndReady && (minReady == TimeSpan.Zero || pod.ReadySince + minReady <= now);
    }

    private bool InRange(int ordinal) => ordinal >= start && ordinal < start + count;

    private IEnumerable<string> Names(int ordinal) =>
        (set.Spec.VolumeClaimTemplates ?? []).Select(template => $"{template.Metadata.Name}-{set.Metadata.Name}-{ordinal}");
}
