using k8s.Models;

namespace Orleans.StatefulSets.Reconciliation.StatefulSets;

/// <summary>Reads a claim with the eyes of a set.</summary>
internal static class ClaimReading
{
    internal static ClaimObservation? Read(V1StatefulSet set, V1PersistentVolumeClaim claim, long resourceVersion)
    {
        foreach (var template in set.Spec.VolumeClaimTemplates ?? [])
        {
            var ordinal = StatefulSetNames.OrdinalOf(template.Metadata.Name + "-" + set.Metadata.Name, claim.Metadata.Name);
            if (ordinal >= 0)
            {
                return new ClaimObservation
                {
                    Name = claim.Metadata.Name,
                    Uid = claim.Metadata.Uid ?? "",
                    ResourceVersion = resourceVersion,
                    Ordinal = ordinal,
                    Terminating = claim.Metadata.DeletionTimestamp is not null,
                    OwnerReferences = claim.Metadata.OwnerReferences is { } references ? [.. references] : [],
                };
            }
        }

        return null;
    }
}
