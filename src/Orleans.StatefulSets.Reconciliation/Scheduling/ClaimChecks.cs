using k8s.Models;

namespace Orleans.StatefulSets.Reconciliation.Scheduling;

/// <summary>The scheduler's VolumeRestrictions, VolumeBinding and VolumeZone plugins (<c>plugins/volumerestrictions</c> and so on): what claims forbid, everywhere or on one node.</summary>
internal static class ClaimChecks
{
    /// <summary>Why the pod can go nowhere, or null.</summary>
    public static string? OfPod(SchedulingClaims claims)
    {
        foreach (var claim in claims.Claims)
        {
            var complaint = claim.Readiness switch
            {
                ClaimReadiness.Missing => $"persistentvolumeclaim \"{claim.Name}\" not found",
                ClaimReadiness.Lost => $"persistentvolumeclaim \"{claim.Name}\" bound to non-existent persistentvolume \"{claim.VolumeName}\"",
                ClaimReadiness.Deleting => $"persistentvolumeclaim \"{claim.Name}\" is being deleted",
                _ => null,
            };
            if (complaint is not null)
            {
                return complaint;
            }
        }

        return claims.Claims.Any(claim => claim.Readiness == ClaimReadiness.UnboundImmediate)
            ? "pod has unbound immediate PersistentVolumeClaims"
            : null;
    }

    /// <summary>Why the pod can't go to this node, or null.</summary>
    public static string? OfNode(SchedulingClaims claims, V1Node node)
    {
        if (claims.Claims.Any(claim => claim.IsTaken))
        {
            return "node has pod using PersistentVolumeClaim with the same name and ReadWriteOncePod access mode";
        }

        var conflict = claims.Claims.Any(claim => claim.Readiness == ClaimReadiness.Bound && !NodeSelectors.Matches(claim.VolumeAffinity, node));
        if (conflict)
        {
            return "node(s) had volume node affinity conflict";
        }

        var hasNone = claims.Claims.Any(claim => claim.Readiness == ClaimReadiness.WaitForFirstConsumer && !CanBind(claim, node));
        if (hasNone)
        {
            return "node(s) didn't find available persistent volumes to bind";
        }

        return claims.Claims.Any(claim => claim.Readiness == ClaimReadiness.Bound && !VolumeZones.Allow(claim.VolumeLabels, node))
            ? "node(s) had no available volume zone"
            : null;
    }

    private static bool CanBind(SchedulingClaim claim, V1Node node) =>
        (claim.CanProvision && VolumeZones.IsAllowed(claim.AllowedTopologies, node)) || claim.Candidates.Any(volume => NodeSelectors.Matches(volume.Spec.NodeAffinity?.Required, node));
}
