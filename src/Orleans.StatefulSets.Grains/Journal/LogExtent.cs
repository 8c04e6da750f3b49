namespace Orleans.StatefulSets.Grains.Journal;

/// <summary>
/// How much the stored change log holds, in revisions and in bytes, and up to where it is to be forgotten: at twice the revisions that it
/// keeps, or at the bytes that it may hold. What a holder before wrote is counted in revisions alone; it lies before everything that is
/// counted here, so it is forgotten first.
/// </summary>
/// <param name="keptRevisions">Revisions that stay when it is trimmed.</param>
/// <param name="maxBytes">Bytes of payload at which it is trimmed to half of that.</param>
internal sealed class LogExtent(int keptRevisions, long maxBytes)
{
    // The bytes are known to within so small a part of the bound; one mark a revision would be a log of its own.
    private const int Marks = 64;

    private readonly Queue<(long UpTo, long Bytes)> marks = new();
    private long openBytes;
    private long head;
    private long trimmedTo;

    /// <summary>Bytes of payload in the log, the superseded and the live ones.</summary>
    public long Bytes { get; private set; }

    /// <summary>Begins with a log of which this much is known.</summary>
    public void Begin(long forgottenUpTo, long revision) => (trimmedTo, head) = (forgottenUpTo, revision);

    public void Add(long revision, int bytes)
    {
        head = revision;
        Bytes += bytes;
        openBytes += bytes;
        if (openBytes >= maxBytes / Marks)
        {
            marks.Enqueue((revision, openBytes));
            openBytes = 0;
        }
    }

    /// <summary>The revision up to which the log is to be forgotten now, or null while it is within its bounds.</summary>
    public long? Overdue()
    {
        var isLong = head - trimmedTo > 2L * keptRevisions;
        var isBig = Bytes > maxBytes;
        return !isLong && !isBig ? null : Math.Max(isLong ? head - keptRevisions : trimmedTo, isBig ? WhereHalfIsLeft() : trimmedTo);
    }

    /// <summary>The log was forgotten up to a revision.</summary>
    public void Trimmed(long upTo)
    {
        trimmedTo = Math.Max(trimmedTo, upTo);
        while (marks.TryPeek(out var mark) && mark.UpTo <= upTo)
        {
            marks.Dequeue();
            Bytes -= mark.Bytes;
        }
    }

    private long WhereHalfIsLeft()
    {
        var left = Bytes;
        var upTo = trimmedTo;
        foreach (var mark in marks)
        {
            if (left <= maxBytes / 2)
            {
                break;
            }

            left -= mark.Bytes;
            upTo = mark.UpTo;
        }

        return upTo;
    }
}
