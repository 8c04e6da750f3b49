namespace Orleans.StatefulSets.Grains.Journal;

/// <summary>The recent revisions, bounded in bytes, oldest forgotten first. Revisions are consecutive numbers, so a place is a subtraction.</summary>
internal sealed class RevisionRing(long maxBytes, long start)
{
    // What a revision costs beside its payload: the entry, the object, the key.
    private const int Overhead = 300;

    // Forgotten places are given back in blocks of at least this many, so that forgetting is O(1) amortised.
    private const int Block = 1024;

    private readonly List<PublishedRevision?> revisions = [];
    private int forgotten;
    private long bytes;

    /// <summary>Every revision after this one is in the ring.</summary>
    public long ReachesBackTo { get; private set; } = start;

    public void Add(PublishedRevision revision)
    {
        revisions.Add(revision);
        bytes += Cost(revision);
        while (bytes > maxBytes && revisions.Count - forgotten > 1)
        {
            Forget();
        }
    }

    /// <summary>The revisions after one, at least one if there is any, at most about so many bytes; null when the ring does not reach back that far.</summary>
    public PublishedRevision[]? After(long revision, int sliceBytes)
    {
        if (revision < ReachesBackTo)
        {
            return null;
        }

        var begin = forgotten + (int)(revision - ReachesBackTo);
        var end = begin;
        for (var size = 0; end < revisions.Count && size < sliceBytes; end++)
        {
            size += Cost(revisions[end]!);
        }

        return begin >= end ? [] : [.. revisions.GetRange(begin, end - begin)!];
    }

    /// <summary>One revision; null when the ring does not reach back that far.</summary>
    public PublishedRevision? Find(long revision) =>
        revision > ReachesBackTo && forgotten + (int)(revision - ReachesBackTo) - 1 is var place && place < revisions.Count ? revisions[place] : null;

    private static int Cost(PublishedRevision revision) => revision.Object.Payload.Length + Overhead;

    private void Forget()
    {
        var oldest = revisions[forgotten]!;
        revisions[forgotten++] = null;
        bytes -= Cost(oldest);
        ReachesBackTo = oldest.Object.ResourceVersion;
        if (forgotten >= Block && forgotten * 2 >= revisions.Count)
        {
            revisions.RemoveRange(0, forgotten);
            forgotten = 0;
        }
    }
}
