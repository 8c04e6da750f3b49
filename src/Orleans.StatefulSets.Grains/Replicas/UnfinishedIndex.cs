using k8s.Models;
using Orleans.StatefulSets.Reconciliation.Nodes;
using Orleans.StatefulSets.Resources.Faults;
using Orleans.StatefulSets.Resources.Kinds;
using Orleans.StatefulSets.Resources.Objects;
using Orleans.StatefulSets.Resources.Quantities;

namespace Orleans.StatefulSets.Grains.Replicas;

/// <summary>
/// The objects that still have to move, kept with every change: the sweep costs what is unfinished, and an idle cluster nothing.
/// </summary>
internal sealed class UnfinishedIndex
{
    private readonly Lock gate = new();
    private readonly HashSet<ObjectKey> unfinished = [];

    private readonly Replica replica;

    public UnfinishedIndex(Replica replica)
    {
        this.replica = replica;
        replica.Applied += Apply;
    }

    /// <summary>The keys of what is unfinished now.</summary>
    public IReadOnlyList<ObjectKey> Keys()
    {
        lock (gate)
        {
            return [.. unfinished];
        }
    }

    /// <summary>Whether somebody should still do something about an object.</summary>
    internal static bool IsUnfinished(StoredObject item)
    {
        if (item.Metadata.DeletionTimestamp is not null)
        {
            return true;
        }

        return item.Model switch
        {
            V1Pod pod => pod.Status?.Phase is null or "Pending" || (pod.Status.Phase == "Running" && !IsReady(pod)),
            V1StatefulSet set => !IsSettled(set),
            V1Node node => NodePower.IsSilent(node) || !NodeConditions.IsReady(node) || NodeTaints.Evicting(node).Count > 0 || NodeConditions.PressuresOf(node).Count > 0,
            V1PersistentVolumeClaim claim => claim.Status?.Phase != "Bound",
            V1PersistentVolume volume => volume.Status?.Phase is null or "" or "Pending" or "Released",
            V1PodDisruptionBudget budget => budget.Status?.ObservedGeneration != budget.Metadata.Generation,
            V1ResourceQuota quota => !ResourceList.Same(quota.Spec.Hard, quota.Status?.Hard),
            V1alpha1Fault fault => fault.Status?.Phase != FaultPhases.Finished,
            _ => false,
        };
    }

    private void Apply(ObjectChange change)
    {
        var waits = change.Type != ChangeType.Deleted && IsUnfinished(change.Object);
        var left = LeftBehind(change);
        lock (gate)
        {
            if (left is { } other)
            {
                unfinished.Add(other);
            }

            if (waits)
            {
                unfinished.Add(change.Object.Key);
            }
            else
            {
                unfinished.Remove(change.Object.Key);
            }
        }
    }

    // A volume says Bound until it is told that its claim went, a set that all is well until it is told how its pods are: till its next
    // revision it is unfinished.
    private ObjectKey? LeftBehind(ObjectChange change)
    {
        var key = change.Object.Key.Resource switch
        {
            "persistentvolumeclaims" when change.Type == ChangeType.Deleted && change.Object.As<V1PersistentVolumeClaim>().Spec.VolumeName is { Length: > 0 } volume =>
                ResourceKinds.PersistentVolumes.Key("", volume),
            "pods" when MatterToOwner(change) && change.Object.Metadata.OwnerReferences?.FirstOrDefault(owner => owner.Controller == true) is { Kind: "StatefulSet" } set =>
                ResourceKinds.StatefulSets.Key(change.Object.Key.Namespace, set.Name),
            _ => default(ObjectKey?),
        };
        return key is { } found && replica.Find(found) is not null ? found : null;
    }

    // What a set counts, or makes good.
    private static bool MatterToOwner(ObjectChange change)
    {
        var pod = change.Object.As<V1Pod>();
        return change.Type == ChangeType.Deleted || pod.Status?.Phase is "Failed" or "Succeeded"
            || (change.Previous?.Model is V1Pod before && IsReady(before) != IsReady(pod));
    }

    private static bool IsReady(V1Pod pod) => pod.Status?.Conditions?.Any(condition => condition is { Type: "Ready", Status: "True" }) == true;

    private static bool IsSettled(V1StatefulSet set) => set.Status is { } status
        && status.ObservedGeneration == set.Metadata.Generation
        && status.Replicas == set.Spec.Replicas
        && status.ReadyReplicas.GetValueOrDefault() == set.Spec.Replicas
        && status.AvailableReplicas.GetValueOrDefault() == set.Spec.Replicas
        && (status.CurrentRevision == status.UpdateRevision || set.Spec.UpdateStrategy?.RollingUpdate?.Partition > 0 || set.Spec.UpdateStrategy?.Type == "OnDelete");
}
