namespace Orleans.StatefulSets.Storage;

/// <summary>
/// What a <see cref="MemoryJournalStore"/> keeps. Handed to several stores it outlives each of them, as a database outlives the
/// processes that use it: so a failover can be played in one process.
/// </summary>
public sealed class MemoryJournalState
{
    private readonly Lock gate = new();
    private readonly Dictionary<string, JournalRecord> live = new(StringComparer.Ordinal);
    private readonly PriorityQueue<long, long> forgettable = new();
    private readonly RevisionLog log = new();
    private JournalHead head;
    private long compacted;

    internal JournalHead Acquire()
    {
        lock (gate)
        {
            return head = head with { Epoch = head.Epoch + 1 };
        }
    }

    internal JournalHead ReadHead()
    {
        lock (gate)
        {
            return head;
        }
    }

    internal AppendOutcome Append(JournalHead expected, long newHead, IReadOnlyList<JournalRecord> records)
    {
        lock (gate)
        {
            if (head != expected)
            {
                return AppendOutcome.Fenced;
            }

            foreach (var record in records)
            {
                Append(record);
            }

            head = head with { Revision = newHead };
            return AppendOutcome.Appended;
        }
    }

    internal IReadOnlyList<JournalRecord> ReadLive()
    {
        lock (gate)
        {
            return [.. live.Values];
        }
    }

    internal IReadOnlyList<JournalRecord>? ReadChanges(long after, int maxBytes)
    {
        lock (gate)
        {
            return after < compacted ? null : log.ReadAfter(after, maxBytes);
        }
    }

    internal int Trim(long upTo, int maxRows)
    {
        lock (gate)
        {
            compacted = Math.Max(compacted, Math.Min(upTo, head.Revision));
            var rows = 0;
            while (rows < maxRows && forgettable.TryPeek(out var revision, out _) && revision <= compacted)
            {
                forgettable.Dequeue();
                log.Remove(revision);
                rows++;
            }

            return rows;
        }
    }

    private void Append(JournalRecord record)
    {
        log.Add(record);
        if (live.Remove(record.Key, out var superseded))
        {
            forgettable.Enqueue(superseded.Revision, superseded.Revision);
        }

        if (record.Deleted)
        {
            forgettable.Enqueue(record.Revision, record.Revision);
        }
        else
        {
            live.Add(record.Key, record);
        }
    }
}
