namespace Orleans.StatefulSets.Grains.Replicas;

/// <summary>How well this process follows the cluster.</summary>
public interface IClusterFollowing
{
    /// <summary>Whether both journals were heard of a moment ago: a process that can't reach them shows an old cluster.</summary>
    bool IsFollowing { get; }
}
