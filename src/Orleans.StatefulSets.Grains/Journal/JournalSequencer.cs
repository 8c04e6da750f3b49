using Orleans.StatefulSets.Resources.Kinds;
using Orleans.StatefulSets.Resources.Objects;
using Orleans.StatefulSets.Storage;

namespace Orleans.StatefulSets.Grains.Journal;

/// <summary>
/// One holder of a journal, without anything of a grain: it checks each expectation against its index, numbers the good ones, writes them
/// in one transaction, keeps the recent ones for readers. Not for concurrent calls of <see cref="CommitAsync"/>; reads may come between.
/// </summary>
/// <param name="name">The journal's name, for messages.</param>
/// <param name="store">Where it is kept.</param>
/// <param name="bounds">Its bounds.</param>
internal sealed class JournalSequencer(string name, IJournalStore store, JournalOptions bounds)
{
    private const int RememberedCommits = 10_000;

    private readonly JournalIndex index = new();
    private readonly RecentCommits recent = new(RememberedCommits);
    private readonly RecentCommits refused = new(RememberedCommits);

    // The last revisions of holders before this one, for whoever asks again for a commit of theirs: bounded by one batch.
    private readonly Dictionary<long, PublishedRevision> inherited = [];
    private RevisionRing ring = new(0, 0);

    /// <summary>The epoch that this holder took, and the last revision that it knows to be durable.</summary>
    public JournalHead Head { get; private set; }

    /// <summary>What the stored change log holds by now.</summary>
    public LogExtent Log { get; } = new(bounds.LogRevisions, bounds.LogBytes, bounds.MaxBatch);

    /// <summary>Somebody else holds the journal by now; nothing that is answered from here on was written.</summary>
    public bool IsFenced { get; private set; }

    // A write may have landed, or will yet, of which this holder was told the opposite: then it can't say any more what the head is.
    private bool isInDoubt;

    // Where the head will be once what is being written is.
    private long writingTo;

    /// <summary>How many objects there are.</summary>
    public int Count => index.Count;

    /// <summary>Takes the journal over; any earlier holder can write no more.</summary>
    public async Task OpenAsync(CancellationToken cancellation)
    {
        Head = await store.AcquireAsync(cancellation);
        await foreach (var record in store.ReadLiveAsync(keysOnly: true, cancellation))
        {
            index.Load(ObjectKey.Parse(record.Key), new IndexedObject(record.Revision, record.Uid, record.CommitId));
        }

        await RememberLastAsync(cancellation);
        ring = new RevisionRing(bounds.RingBytes, Head.Revision);
    }

    /// <summary>Carries a batch out; when it returns, what landed is durable and can be read.</summary>
    public async Task<BatchOutcome> CommitAsync(IReadOnlyList<CommitEntry> entries)
    {
        var (batch, newHead) = Sequence(entries);
        if (batch.Good.Count == 0)
        {
            return await RefuseAllAsync(batch);
        }

        string? why;
        JournalStorageException? failure;
        try
        {
            (why, failure) = await AppendAsync(batch, newHead);
        }
        catch
        {
            // Nothing that is not known to be written stays.
            index.Reject();
            isInDoubt = true;
            throw;
        }

        if (why is not null)
        {
            index.Reject();
            return new BatchOutcome(IsFenced ? batch.AnswersOfPast(CommitObstacle.Fenced, why) : batch.AnswersWithout(why), false, failure);
        }

        Head = Head with { Revision = newHead };
        index.Accept();
        foreach (var (entry, stamped) in batch.Good)
        {
            recent.Add(entry.CommitId, stamped.ResourceVersion);
            ring.Add(new PublishedRevision(stamped, entry.Deleted));
            Log.Add(stamped.ResourceVersion, stamped.Payload.Length);
        }

        return new BatchOutcome(Final(batch), true, failure);
    }

    /// <summary>The revisions after one, from memory or from the change log; a gap where neither reaches back that far.</summary>
    public async Task<JournalSlice> ReadAsync(long after, int maxBytes)
    {
        if (ring.After(after, maxBytes) is { } kept)
        {
            return Slice(kept, kept.Length == 0 ? Math.Max(after, Head.Revision) : kept[^1].Object.ResourceVersion);
        }

        var logged = await store.ReadChangesAsync(after, maxBytes, CancellationToken.None);
        return logged is null
            ? new JournalSlice { Epoch = Head.Epoch, Head = after, Revisions = [], Gap = true }
            : Slice([.. logged.Select(Publish)], logged.Count == 0 ? Head.Revision : logged[^1].Revision);
    }

    /// <summary>The head, confirmed against the store after the call; null when somebody else holds the journal.</summary>
    public async Task<long?> ConfirmHeadAsync()
    {
        // What was acknowledged before the call is in Head already; the store says whether this holder may still speak for it.
        var acknowledged = Head.Revision;
        var stored = await store.ReadHeadAsync(CancellationToken.None);
        IsFenced |= stored.Epoch != Head.Epoch || (isInDoubt && stored.Revision > Math.Max(Head.Revision, writingTo));
        return IsFenced ? null : Math.Max(acknowledged, stored.Revision);
    }

    /// <summary>The revision of the first of some commits that landed lately.</summary>
    public long? FindCommit(IEnumerable<Guid> commitIds) => commitIds.Select(id => recent.TryFind(id, out var revision) ? revision : null).FirstOrDefault(found => found is not null);

    private string Fenced => $"the journal '{name}' has another holder by now";

    /// <summary>The uid of a stored object, or "".</summary>
    public string UidOf(ObjectKey key) => index.FindDurable(key)?.Uid ?? "";

    private static PublishedRevision Publish(JournalRecord record) =>
        new(new StoredObject(ObjectKey.Parse(record.Key), record.Uid, record.Revision, record.Payload), record.Deleted);

    private JournalSlice Slice(PublishedRevision[] revisions, long upTo) =>
        new() { Epoch = Head.Epoch, Head = upTo, Revisions = revisions };

    // Whose answer was lost with the holder before sends again: as many as one batch holds, deletions among them, are known from the log.
    private async Task RememberLastAsync(CancellationToken cancellation)
    {
        var after = Math.Max(0, Head.Revision - bounds.MaxBatch);
        while (await store.ReadChangesAsync(after, bounds.ReadBytes, cancellation) is { Count: > 0 } logged)
        {
            foreach (var record in logged)
            {
                recent.Add(record.CommitId, record.Revision);
                inherited[record.Revision] = Publish(record);
                Log.Add(record.Revision, record.Payload.Length);
            }

            after = logged[^1].Revision;
        }
    }

    private (SequencedBatch Batch, long NewHead) Sequence(IReadOnlyList<CommitEntry> entries)
    {
        var batch = new SequencedBatch(entries);
        var revision = Head.Revision;
        Dictionary<Guid, (CommitEntry Entry, StoredObject Stamped)> here = [];
        for (var place = 0; place < entries.Count; place++)
        {
            var entry = entries[place];
            if (recent.TryFind(entry.CommitId, out var earlier))
            {
                batch.Answer(place, AnswerOf(entry, earlier.Value), isTentative: false);
            }
            else if (here.TryGetValue(entry.CommitId, out var twin))
            {
                batch.Answer(place, entry.Deleted == twin.Entry.Deleted ? new CommitResult { Committed = twin.Stamped } : Conflict(entry), isTentative: true);
            }
            else if (Refuse(entry) is { } refusal)
            {
                batch.Answer(place, refusal, isTentative: index.IsStaged(entry.Key) || refusal.Obstacle != CommitObstacle.None);
            }
            else
            {
                index.Stage(entry, ++revision);
                here[entry.CommitId] = (entry, batch.Stamp(place, revision));
            }
        }

        return (batch, revision);
    }

    // Where something is written the write itself proves that this holder still leads. Where all are refused nothing does, and a holder
    // of the past would refuse what the present one has carried out.
    private async Task<BatchOutcome> RefuseAllAsync(SequencedBatch batch)
    {
        try
        {
            return await ConfirmHeadAsync() is null
                ? new BatchOutcome(batch.AnswersOfPast(CommitObstacle.Fenced, Fenced), false, null)
                : new BatchOutcome(Final(batch), false, null);
        }
        catch (JournalStorageException failure)
        {
            return new BatchOutcome(batch.AnswersOfPast(CommitObstacle.Storage, failure.Message), false, failure);
        }
    }

    // A commit that was refused stays refused: were its message to come twice, the second must not land because the name is free by then.
    private CommitResult[] Final(SequencedBatch batch)
    {
        var answers = batch.Answers();
        for (var place = 0; place < answers.Length; place++)
        {
            if (answers[place].Committed is null)
            {
                refused.Add(batch.Entries[place].CommitId, answers[place].CurrentRevision);
            }
        }

        return answers;
    }

    /// <summary>The answer to a commit whose expectation does not hold: a conflict, or the news that its first try did land.</summary>
    private CommitResult? Refuse(CommitEntry entry)
    {
        var current = index.Find(entry.Key);
        if ((current?.Revision ?? 0) == entry.ExpectedRevision && !refused.Contains(entry.CommitId))
        {
            return RefuseForNamespace(entry);
        }

        return current is { } landed && landed.CommitId == entry.CommitId ? AnswerOf(entry, landed.Revision) : Conflict(entry);
    }

    // Its first try landed. The second may have been decided anew, on what the first had made of the object already: the answer is what
    // landed, not what was sent this time. Where the two are not even the same kind of thing it is decided once more; but what landed for
    // an object that has gone since is never carried out on the one that took its name.
    private CommitResult AnswerOf(CommitEntry entry, long revision) => (ring.Find(revision) ?? inherited.GetValueOrDefault(revision)) switch
    {
        null => new CommitResult { Committed = entry.Stamp(revision) },
        { } landed when landed.Deleted == entry.Deleted || landed.Object.Uid != entry.Uid => new CommitResult { Committed = landed.Object },
        _ => Conflict(entry),
    };

    private CommitResult Conflict(CommitEntry entry)
    {
        var current = index.Find(entry.Key);
        return new CommitResult { CurrentRevision = current?.Revision ?? 0, CurrentUid = current?.Uid ?? "" };
    }

    // Nothing comes into a namespace that is not there, and none goes that holds something.
    private CommitResult? RefuseForNamespace(CommitEntry entry) => entry switch
    {
        { Deleted: false, ExpectedRevision: 0, Key.Namespace.Length: > 0 } when index.Namespaces.AreKnown && index.Find(ResourceKinds.Namespaces.Key("", entry.Key.Namespace)) is null =>
            new CommitResult { Obstacle = CommitObstacle.NoNamespace, Unavailable = $"there is no namespace {entry.Key.Namespace}" },
        { Deleted: true } when entry.Key.Resource == ResourceKinds.Namespaces.Resource && index.Namespaces.In(entry.Key.Name) > 0 =>
            new CommitResult { Obstacle = CommitObstacle.NamespaceInUse, Unavailable = $"there is something in the namespace {entry.Key.Name}" },
        _ => null,
    };

    /// <summary>Writes a batch; no reason when it is durable, else one line that says why it is not.</summary>
    private async Task<(string? Why, JournalStorageException? Failure)> AppendAsync(SequencedBatch batch, long newHead)
    {
        var records = batch.Records();
        writingTo = newHead;
        try
        {
            if (await store.AppendAsync(Head, newHead, records, CancellationToken.None) == AppendOutcome.Appended)
            {
                isInDoubt = false;
                return (null, null);
            }

            IsFenced = true;
            return (Fenced, null);
        }
        catch (JournalStorageException failure)
        {
            isInDoubt = !await LandedAllTheSameAsync(records, newHead);
            return (isInDoubt ? failure.Message : null, failure);
        }
        finally
        {
            writingTo = 0;
        }
    }

    /// <summary>After a failure whose outcome is unknown, the stored head and the log tell whether the transaction was committed.</summary>
    private async Task<bool> LandedAllTheSameAsync(IReadOnlyList<JournalRecord> records, long newHead)
    {
        try
        {
            return await store.ReadHeadAsync(CancellationToken.None) == Head with { Revision = newHead }
                && await JournalBatch.IsStoredAsync(records, Head.Revision, after => store.ReadChangesAsync(after, bounds.ReadBytes, CancellationToken.None));
        }
        catch (JournalStorageException)
        {
            return false;
        }
    }
}
