namespace Orleans.StatefulSets.Storage;

/// <summary>Who writes to a tree.</summary>
/// <param name="Tree">The tree's number; a tree that was deleted and made again has another one.</param>
/// <param name="Epoch">How often the tree was taken over; whoever holds an older one is fenced.</param>
public readonly record struct TreeHold(long Tree, long Epoch);

/// <summary>What became of a flush.</summary>
public enum FlushOutcome
{
    /// <summary>All of it is durable.</summary>
    Written,

    /// <summary>Nothing was written: somebody else took the tree over, or it was deleted.</summary>
    Fenced,
}
