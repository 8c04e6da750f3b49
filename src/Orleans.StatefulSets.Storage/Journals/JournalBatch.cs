namespace Orleans.StatefulSets.Storage;

/// <summary>What every store demands of a batch before it looks at its own state.</summary>
internal static class JournalBatch
{
    /// <exception cref="ArgumentException">The records are out of order or outside of (expected, newHead].</exception>
    public static void Validate(JournalHead expected, long newHead, IReadOnlyList<JournalRecord> records)
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
}
