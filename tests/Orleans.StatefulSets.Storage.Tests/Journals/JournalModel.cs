namespace Orleans.StatefulSets.Storage.Tests.Journals;

/// <summary>The journal as a plain list: what a store's answers are compared with.</summary>
internal sealed class JournalModel
{
    private readonly List<JournalRecord> log = [];

    public long Compacted { get; private set; }

    public List<JournalRecord> NextBatch(Random chance, long after)
    {
        var batch = new List<JournalRecord>();
        for (var count = chance.Next(1, 8); count > 0; count--)
        {
            after += chance.Next(1, 3);
            var key = $"k{chance.Next(12)}";
            batch.Add(chance.Next(4) == 0 ? Records.Delete(after, key) : Records.Put(after, key));
        }

        log.AddRange(batch);
        return batch;
    }

    public int Trim(long upTo)
    {
        Compacted = Math.Max(Compacted, upTo);
        return log.RemoveAll(record => record.Revision <= Compacted && !IsLive(record));
    }

    public IEnumerable<string> Live() => log.Where(IsLive).Select(Records.Name).Order(StringComparer.Ordinal);

    public IEnumerable<string> ChangesAfter(long revision) => log.Where(record => record.Revision > revision).Select(Records.Name);

    private bool IsLive(JournalRecord record) =>
        !record.Deleted && !log.Any(other => other.Key == record.Key && other.Revision > record.Revision);
}
