using k8s.Models;

namespace Orleans.StatefulSets.Reconciliation.StatefulSets;

/// <summary>What of a set decides into which buckets its pods fall. When it changes, all of them are sorted anew.</summary>
internal sealed record SetFrame
{
    internal required string Name { get; init; }

    internal required string Uid { get; init; }

    /// <summary>The first ordinal in range.</summary>
    internal required int Start { get; init; }

    /// <summary>The last ordinal in range; start - 1 for none.</summary>
    internal required int End { get; init; }

    internal required string UpdateRevision { get; init; }

    internal required TimeSpan MinReady { get; init; }

    internal required bool Deleting { get; init; }

    /// <summary>persistentVolumeClaimRetentionPolicy.whenScaled is Delete.</summary>
    internal required bool DeleteWhenScaled { get; init; }

    /// <summary>persistentVolumeClaimRetentionPolicy.whenDeleted is Delete.</summary>
    internal required bool DeleteWhenDeleted { get; init; }

    internal static SetFrame Of(V1StatefulSet set, string updateRevision)
    {
        var start = set.Spec.Ordinals?.Start ?? 0;
        return new SetFrame
        {
            Name = set.Metadata.Name,
            Uid = set.Metadata.Uid ?? "",
            Start = start,
            End = (int)Math.Min(int.MaxValue, (long)start + (set.Spec.Replicas ?? 1) - 1),
            UpdateRevision = updateRevision,
            MinReady = TimeSpan.FromSeconds(set.Spec.MinReadySeconds ?? 0),
            Deleting = set.Metadata.DeletionTimestamp is not null,
            DeleteWhenScaled = set.Spec.PersistentVolumeClaimRetentionPolicy?.WhenScaled == "Delete",
            DeleteWhenDeleted = set.Spec.PersistentVolumeClaimRetentionPolicy?.WhenDeleted == "Delete",
        };
    }

    internal bool InRange(int ordinal) => ordinal >= Start && ordinal <= End;

    /// <summary>The set controls the pod, or is about to: upstream's <c>ClaimPods</c>.</summary>
    internal bool IsMember(PodObservation pod) => pod.MatchesSelector && pod.Ordinal >= 0 && (pod.Controlled || IsAdoptable(pod));

    internal bool IsAdoptable(PodObservation pod) =>
        pod.Orphan && pod.MatchesSelector && pod.Ordinal >= 0 && !pod.Terminating && !Deleting;

    internal bool IsReleasable(PodObservation pod) => pod.Controlled && !Deleting && !(pod.MatchesSelector && pod.Ordinal >= 0);
}
