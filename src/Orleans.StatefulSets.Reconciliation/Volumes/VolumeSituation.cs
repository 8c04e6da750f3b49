using k8s.Models;

namespace Orleans.StatefulSets.Reconciliation.Volumes;

/// <summary>What a volume's decision looks at.</summary>
public sealed record VolumeSituation
{
    /// <summary>The volume as stored.</summary>
    public required V1PersistentVolume Volume { get; init; }

    /// <summary>
    /// The claim of the name in <c>spec.claimRef</c>, whatever its uid; null if there is none, which must be certain: a volume
    /// without its claim is released for good.
    /// </summary>
    public V1PersistentVolumeClaim? Claim { get; init; }

    /// <summary>The simulated time.</summary>
    public required DateTime Now { get; init; }
}
