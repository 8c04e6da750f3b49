using k8s.Models;
using Orleans.StatefulSets.Grains.Objects;
using Orleans.StatefulSets.Grains.Replicas;
using Orleans.StatefulSets.Grains.Time;
using Orleans.StatefulSets.Reconciliation.Faults;
using Orleans.StatefulSets.Resources.Faults;

namespace Orleans.StatefulSets.Grains.Faults;

/// <summary>What those whom Faults hit ask of them. They are found in this silo's copy; a bound on how often one happens is kept by its grain.</summary>
internal sealed class FaultInjections(ReplicaSet replicas, ClusterClock clock, ObjectRoutes routes)
{
    /// <summary>The faults that fail pulls now.</summary>
    public IReadOnlyList<ArmedFault> OfPulls => replicas.Faults.Of(FaultActions.ImagePullFailure, clock.Now);

    /// <summary>The fault that fails a container's probe, or null.</summary>
    /// <param name="pod">The pod.</param>
    /// <param name="container">The container.</param>
    /// <param name="probe">Which probe, as a Fault names it.</param>
    /// <param name="attempt">How often this instance of the container was asked before.</param>
    public ArmedFault? OfProbe(V1Pod pod, V1Container container, string probe, long attempt) =>
        replicas.Faults.Of(FaultActions.ProbeFailure, clock.Now).FirstOrDefault(fault => fault.Spec.Probe == probe && fault.Selects(pod, container)
            && fault.Strikes($"{pod.Metadata.NamespaceProperty}/{pod.Metadata.Name}/{container.Name}", attempt));

    /// <summary>The fault that keeps a claim's volume from being made, or null.</summary>
    /// <param name="claim">The claim.</param>
    /// <param name="storageClass">Its class.</param>
    /// <param name="attempt">How many tries failed before.</param>
    public ArmedFault? OfProvisioning(V1PersistentVolumeClaim claim, string storageClass, long attempt) =>
        replicas.Faults.Of(FaultActions.VolumeProvisioningFailure, clock.Now).FirstOrDefault(fault => fault.Selects(claim, storageClass)
            && fault.Strikes($"{claim.Metadata.NamespaceProperty}/{claim.Metadata.Name}", attempt));

    /// <summary>The fault is to happen.</summary>
    /// <returns>False where it has happened as often as it may, or nobody can say.</returns>
    public async ValueTask<bool> TakeAsync(ArmedFault fault)
    {
        var grain = routes.Fault(fault.Name);
        if (!fault.IsCounted)
        {
            grain.Happened(fault.Uid, 1).Ignore();
            return true;
        }

        try
        {
            return await grain.Take(fault.Uid);
        }
        catch (Exception failure) when (failure is OrleansException or TimeoutException)
        {
            return false;
        }
    }
}
