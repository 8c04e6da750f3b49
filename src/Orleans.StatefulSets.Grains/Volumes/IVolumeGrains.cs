using Orleans.StatefulSets.Grains.Messages;
using Orleans.StatefulSets.Grains.Objects;

namespace Orleans.StatefulSets.Grains.Volumes;

/// <summary>A PersistentVolumeClaim: its one writer, and what finds or makes its volume.</summary>
[Alias("persistentvolumeclaim")]
public interface IPersistentVolumeClaimGrain : IObjectGrain
{
    /// <summary>The scheduler chose a node for the first pod that uses the claim (annotation <c>volume.kubernetes.io/selected-node</c>): provision there.</summary>
    [Alias("select-node")]
    Task<ObjectReply> SelectNode(string nodeName);
}

/// <summary>A PersistentVolume: its one writer, and what becomes of it when its claim goes.</summary>
[Alias("persistentvolume")]
public interface IPersistentVolumeGrain : IObjectGrain;
