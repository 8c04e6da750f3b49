namespace Orleans.StatefulSets.Grains.Replicas;

/// <summary>How well this process follows the cluster.</summary>
public interface IClusterFollowing
{
    /// <summary>
    /// Whether the objects' journal was heard of a moment ago: a process that can't reach it shows an old cluster. That of Events may be on a
    /// silo that this one doesn't reach, and that is no reason to send clients to others: who lists Events is told how old they are.
    /// </summary>
    bool IsFollowing { get; }
}
