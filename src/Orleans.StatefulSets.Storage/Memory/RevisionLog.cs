namespace Orleans.StatefulSets.Storage;

/// <summary>Revisions in ascending order; found by bisection, forgotten one by one. Holes are closed when half of it is holes.</summary>
internal sealed class RevisionLog
{
    private readonly List<(long Revision, JournalRecord? Record)> entries = [];
    private int holes;

    /// <summary>Adds the highest revision so far.</summary>
    public void Add(JournalRecord record) => entries.Add((record.Revision, record));

    /// <summary>Forgets a revision that is in the log.</summary>
    public void Remove(long revision)
    {
        var index = IndexAfter(revision - 1);
        entries[index] = (revision, null);
        holes++;
        if (holes > 64 && holes > entries.Count / 2)
        {
            entries.RemoveAll(entry => entry.Record is null);
            holes = 0;
        }
    }

    /// <summary>The revisions above one, at most so many bytes of payload, but at least one revision.</summary>
    public List<JournalRecord> ReadAfter(long after, int maxBytes)
    {
        var found = new List<JournalRecord>();
        long bytes = 0;
        for (var index = IndexAfter(after); index < entries.Count; index++)
        {
            if (entries[index].Record is not { } record)
            {
                continue;
            }

            bytes += record.Payload.Length;
            if (found.Count > 0 && bytes > maxBytes)
            {
                break;
            }

            found.Add(record);
        }

        return found;
    }

    private int IndexAfter(long revision)
    {
        var (low, high) = (0, entries.Count);
        while (low < high)
        {
            var middle = low + ((high - low) / 2);
            (low, high) = entries[middle].Revision <= revision ? (middle + 1, high) : (low, middle);
        }

        return low;
    }
}
