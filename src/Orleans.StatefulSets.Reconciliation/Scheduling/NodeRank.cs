namespace Orleans.StatefulSets.Reconciliation.Scheduling;

/// <summary>A node's place in the order in which nodes are tried: fewest pods first, then least of its cores asked for.</summary>
/// <param name="Pods">How many pods are on it.</param>
/// <param name="Cpu">The cores that they asked for.</param>
/// <param name="Tie">A hash of the seed and the node.</param>
/// <param name="Name">The node.</param>
internal readonly record struct NodeRank(int Pods, decimal Cpu, uint Tie, string Name) : IComparable<NodeRank>
{
    public int CompareTo(NodeRank other)
    {
        var order = Pods.CompareTo(other.Pods);
        order = order != 0 ? order : Cpu.CompareTo(other.Cpu);
        order = order != 0 ? order : Tie.CompareTo(other.Tie);
        return order != 0 ? order : string.CompareOrdinal(Name, other.Name);
    }

    public static NodeRank Of(NodeRoom room, long seed) => new(room.Pods, room.Requested["cpu"], Hash(seed, room.Name), room.Name);

    // FNV-1a: the same in every process, unlike string.GetHashCode.
    private static uint Hash(long seed, string text)
    {
        var hash = 2166136261u ^ (uint)seed ^ (uint)(seed >> 32);
        foreach (var character in text)
        {
            hash = (hash ^ character) * 16777619u;
        }

        return hash;
    }
}
