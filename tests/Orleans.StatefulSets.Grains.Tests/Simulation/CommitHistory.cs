using Orleans.StatefulSets.Grains.Journal;
using Orleans.StatefulSets.Storage;

namespace Orleans.StatefulSets.Grains.Tests.Simulation;

/// <summary>What was truly committed, in order: what everybody else's belief is compared with.</summary>
internal sealed class CommitHistory
{
    private readonly List<JournalRecord> landed = [];
    private readonly Dictionary<string, List<JournalRecord>> byKey = [];
    private readonly Dictionary<Guid, CommitEntry> sent = [];
    private readonly Dictionary<Guid, long> revisions = [];

    public long Head => landed.Count;

    public IReadOnlyList<JournalRecord> Landed => landed;

    /// <summary>The revision where a commit landed, 0 if it did not.</summary>
    public long RevisionOf(Guid commit) => revisions.GetValueOrDefault(commit);

    public void Sent(CommitEntry entry) => sent[entry.CommitId] = entry;

    /// <summary>Takes an append in, and checks that it is the next one, that each commit landed once, and on what it expected.</summary>
    public void Append(JournalHead expected, long newHead, IReadOnlyList<JournalRecord> records)
    {
        Assert.Equal(Head, expected.Revision);
        Assert.Equal(newHead, Head + records.Count);
        foreach (var record in records)
        {
            Assert.Equal(Head + 1, record.Revision);
            Assert.True(revisions.TryAdd(record.CommitId, record.Revision), $"{record.Key} landed twice, at {revisions.GetValueOrDefault(record.CommitId)} and {record.Revision}");
            Assert.Equal(sent[record.CommitId].ExpectedRevision, At(record.Key, Head));
            landed.Add(record);
            if (!byKey.TryGetValue(record.Key, out var ofKey))
            {
                byKey[record.Key] = ofKey = [];
            }

            ofKey.Add(record);
        }
    }

    /// <summary>The revision that a key had at a head, 0 if there was none.</summary>
    public long At(string key, long head)
    {
        var revisionsOfKey = byKey.GetValueOrDefault(key, []);
        var last = revisionsOfKey.FindLast(record => record.Revision <= head);
        return last is null or { Deleted: true } ? 0 : last.Revision;
    }
}
