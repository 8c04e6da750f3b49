namespace Orleans.StatefulSets.Storage;

/// <summary>What is the same of a batch in every store.</summary>
public static class JournalBatch
{
    /// <summary>
    /// Whether what was written after a revision is this batch, which tells the outcome of an append that failed. The head alone does not:
    /// an earlier append of as many records, which failed as well, may have landed late in its place.
    /// </summary>
    /// <param name="records">The batch.</param>
    /// <param name="after">The head before it.</param>
    /// <param name="readChanges">Reads the change log after a revision, as <see cref="IJournalStore.ReadChangesAsync"/> does.</param>
    public static async Task<bool> IsStoredAsync(
        IReadOnlyList<JournalRecord> records, long after, Func<long, Task<IReadOnlyList<JournalRecord>?>> readChanges)
    {
        var matched = 0;
        while (await readChanges(after) is { Count: > 0 } portion)
        {
            if (matched + portion.Count > records.Count || !portion.Zip(records.Skip(matched), AreSame).All(same => same))
            {
                return false;
            }

            (matched, after) = (matched + portion.Count, portion[^1].Revision);
        }

        return matched == records.Count;
    }

    // What every store demands of a batch before it looks at its own state.
    /// <exception cref="ArgumentException">The records are out of order or outside of (expected, newHead].</exception>
    internal static void Validate(JournalHead expected, long newHead, IReadOnlyList<JournalRecord> records)
    {
        var last = expected.Revision;
        foreach (var record in records)
        {
            if (record.Revision <= last)
            {
                throw new ArgumentException($"revision {record.Revision} does not come after {last}", nameof(records));
            }

            last = record.Revision;
        }

        if (newHead < last)
        {
            throw new ArgumentException($"the new head {newHead} lies before revision {last}", nameof(newHead));
        }
    }

    // A commit that is sent again may have been decided anew, so its id alone does not say what was written.
    private static bool AreSame(JournalRecord stored, JournalRecord sent) =>
        (stored.Revision, stored.CommitId, stored.Key, stored.Uid, stored.Deleted) == (sent.Revision, sent.CommitId, sent.Key, sent.Uid, sent.Deleted)
        && stored.Payload.Span.SequenceEqual(sent.Payload.Span);
}
