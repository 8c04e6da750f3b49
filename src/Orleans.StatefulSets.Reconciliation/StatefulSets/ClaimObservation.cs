using k8s.Models;

namespace Orleans.StatefulSets.Reconciliation.StatefulSets;

/// <summary>What a set knows of one claim of its templates; of two, the newer resourceVersion wins.</summary>
public sealed record ClaimObservation
{
    /// <summary><c>&lt;template&gt;-&lt;set&gt;-&lt;ordinal&gt;</c>.</summary>
    public required string Name { get; init; }

    public required string Uid { get; init; }

    public required long ResourceVersion { get; init; }

    /// <summary>The ordinal that the claim's name says.</summary>
    public required int Ordinal { get; init; }

    /// <summary>A deletionTimestamp is set: the claim blocks its ordinal until it is gone.</summary>
    public bool Terminating { get; init; }

    public IReadOnlyList<V1OwnerReference> OwnerReferences { get; init; } = [];

    /// <summary>The observation, or null when the claim's name is of none of the set's templates.</summary>
    public static ClaimObservation? Of(V1StatefulSet set, V1PersistentVolumeClaim claim, long resourceVersion) =>
        ClaimReading.Read(set, claim, resourceVersion);
}
