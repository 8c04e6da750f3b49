using k8s.Models;
using Orleans.StatefulSets.Grains.Objects;
using Orleans.StatefulSets.Reconciliation.Pods;
using Orleans.StatefulSets.Reconciliation.Scheduling;
using Orleans.StatefulSets.Resources.Kinds;
using Orleans.StatefulSets.Resources.Objects;

namespace Orleans.StatefulSets.Grains.Scheduling;

/// <summary>Reads how far a pod's claims are. Where the silo's copy does not say "bound", the claim's own grain is asked: it may be ahead.</summary>
internal sealed class ClaimReader(ObjectServices services)
{
    public async Task<SchedulingClaims> ReadAsync(V1Pod pod)
    {
        List<SchedulingClaim>? claims = null;
        foreach (var volume in pod.Spec.Volumes ?? [])
        {
            if (volume.PersistentVolumeClaim is { } source)
            {
                (claims ??= []).Add(await ReadAsync(pod, source.ClaimName));
            }
        }

        return claims is null ? SchedulingClaims.None : new SchedulingClaims(claims);
    }

    private async Task<SchedulingClaim> ReadAsync(V1Pod pod, string name)
    {
        var space = pod.Metadata.NamespaceProperty;
        var item = services.Replicas.Find(ResourceKinds.PersistentVolumeClaims.Key(space, name));
        if (item?.As<V1PersistentVolumeClaim>().Status?.Phase != "Bound")
        {
            item = (await services.Observers.Claim(space, name).ReadObject())?.Object;
        }

        return item is null ? new SchedulingClaim { Name = name, Readiness = ClaimReadiness.Missing } : Read(item, pod);
    }

    private SchedulingClaim Read(StoredObject item, V1Pod pod)
    {
        var claim = item.As<V1PersistentVolumeClaim>();
        var read = new SchedulingClaim
        {
            Name = item.Key.Name,
            Readiness = ReadinessOf(claim),
            VolumeName = claim.Spec.VolumeName ?? "",
            IsTaken = claim.Spec.AccessModes?.Contains("ReadWriteOncePod") == true && IsTaken(item.Key.Name, pod),
        };
        return read.Readiness switch
        {
            ClaimReadiness.Bound when Volume(claim.Spec.VolumeName) is { } volume =>
                read with { VolumeAffinity = volume.Spec.NodeAffinity?.Required, VolumeLabels = volume.Metadata.Labels },
            ClaimReadiness.WaitForFirstConsumer => read with
            {
                AllowedTopologies = ClassOf(claim)?.AllowedTopologies,
                CanProvision = ClassOf(claim)?.Provisioner is { } provisioner && provisioner != "kubernetes.io/no-provisioner",
                Candidates =
                [
                    .. services.Replicas.Volumes.For(item.Key.Namespace, item.Key.Name).Where(volume => Fits(claim, volume)),
                ],
            },
            _ => read,
        };
    }

    private bool IsTaken(string claim, V1Pod pod) => services.Replicas.Claims.UsersOf(pod.Metadata.NamespaceProperty, claim)
        .Any(other => other.Uid != pod.Metadata.Uid && other.As<V1Pod>() is var user && PodReadiness.IsScheduled(user) && !PodReadiness.IsTerminal(user));

    private ClaimReadiness ReadinessOf(V1PersistentVolumeClaim claim)
    {
        if (claim.Metadata.DeletionTimestamp is not null)
        {
            return ClaimReadiness.Deleting;
        }

        return claim.Status?.Phase switch
        {
            "Bound" => ClaimReadiness.Bound,
            "Lost" => ClaimReadiness.Lost,
            _ => ClassOf(claim)?.VolumeBindingMode == "WaitForFirstConsumer" ? ClaimReadiness.WaitForFirstConsumer : ClaimReadiness.UnboundImmediate,
        };
    }

    private static bool Fits(V1PersistentVolumeClaim claim, V1PersistentVolume volume) =>
        volume.Status?.Phase == "Available"
        && (volume.Spec.StorageClassName ?? "") == (claim.Spec.StorageClassName ?? "")
        && volume.Spec.Capacity?.TryGetValue("storage", out var size) == true
        && claim.Spec.Resources?.Requests?.TryGetValue("storage", out var wanted) == true
        && size.ToDecimal() >= wanted.ToDecimal();

    private V1PersistentVolume? Volume(string? name) =>
        name is null ? null : services.Replicas.Find(ResourceKinds.PersistentVolumes.Key("", name))?.As<V1PersistentVolume>();

    private V1StorageClass? ClassOf(V1PersistentVolumeClaim claim) => string.IsNullOrEmpty(claim.Spec.StorageClassName)
        ? null
        : services.Replicas.Find(ResourceKinds.StorageClasses.Key("", claim.Spec.StorageClassName))?.As<V1StorageClass>();
}
