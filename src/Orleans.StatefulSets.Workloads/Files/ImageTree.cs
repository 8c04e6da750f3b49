namespace Orleans.StatefulSets.Workloads.Files;

/// <summary>The files of an image: never changed once built, shared by all containers made from it (<see cref="MemoryTree"/> lies on top).</summary>
public sealed class ImageTree
{
    internal ImageTree(IReadOnlyDictionary<long, MemoryInode> inodes, long next)
    {
        Inodes = inodes;
        Next = next;
    }

    internal IReadOnlyDictionary<long, MemoryInode> Inodes { get; }

    /// <summary>The first inode number that is not taken.</summary>
    internal long Next { get; }
}
