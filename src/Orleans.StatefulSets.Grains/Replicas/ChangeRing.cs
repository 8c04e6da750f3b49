using Orleans.StatefulSets.Resources.Objects;

namespace Orleans.StatefulSets.Grains.Replicas;

/// <summary>
/// The recent changes of a replica, bounded in bytes, for watches that begin in the past. What is read rarely gives up its decoded model,
/// which is three times the size of its bytes: a change that leaves the ring, and a revision that was superseded a while ago.
/// </summary>
internal sealed class ChangeRing(long maxBytes)
{
    private const int Overhead = 400;

    private readonly LinkedList<ObjectChange[]> blocks = [];
    private readonly List<ObjectChange> open = [];
    private const int BlockLength = 256;
    private const int LeastBlocks = 16;

    // Messages about a revision are still under way when the next one is committed; whoever is that late decodes again.
    private const int SupersededWithModel = 1024;
    private const long SupersededBytesWithModel = 8 << 20;
    private readonly Queue<StoredObject> superseded = new();
    private long supersededBytes;
    private long bytes;
    private long openBytes;

    /// <summary>Every change after this version is in the ring.</summary>
    public long ReachesBackTo { get; private set; }

    public void Reset(long version)
    {
        blocks.Clear();
        open.Clear();
        superseded.Clear();
        supersededBytes = 0;
        bytes = 0;
        openBytes = 0;
        ReachesBackTo = version;
    }

    public void Add(ObjectChange change)
    {
        open.Add(change);
        bytes += Cost(change);
        openBytes += Cost(change);
        ReleaseSuperseded(change);
        // A block is forgotten as a whole: a few large objects make one too, or 256 of them would outgrow the bound.
        if (open.Count == BlockLength || openBytes >= maxBytes / LeastBlocks)
        {
            blocks.AddLast(open.ToArray());
            open.Clear();
            openBytes = 0;
        }

        while (bytes > maxBytes && blocks.First is { } oldest)
        {
            Forget(oldest.Value);
            blocks.RemoveFirst();
        }
    }

    /// <summary>The changes after a version, in order.</summary>
    public IEnumerable<ObjectChange> After(long version)
    {
        foreach (var block in blocks)
        {
            if (block[^1].Object.ResourceVersion <= version)
            {
                continue;
            }

            foreach (var change in block)
            {
                if (change.Object.ResourceVersion > version)
                {
                    yield return change;
                }
            }
        }

        foreach (var change in open)
        {
            if (change.Object.ResourceVersion > version)
            {
                yield return change;
            }
        }
    }

    private void ReleaseSuperseded(ObjectChange change)
    {
        if ((change.Type == ChangeType.Deleted ? change.Object : change.Previous) is { } old)
        {
            superseded.Enqueue(old);
            supersededBytes += old.Payload.Length;
        }

        while (superseded.Count > SupersededWithModel || supersededBytes > SupersededBytesWithModel)
        {
            var oldest = superseded.Dequeue();
            supersededBytes -= oldest.Payload.Length;
            oldest.ReleaseModel();
        }
    }

    private static int Cost(ObjectChange change) => change.Object.Payload.Length + Overhead;

    private void Forget(ObjectChange[] block)
    {
        foreach (var change in block)
        {
            bytes -= Cost(change);
            change.Object.ReleaseModel();
        }

        ReachesBackTo = block[^1].Object.ResourceVersion;
    }
}
