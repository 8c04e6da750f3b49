using Orleans.StatefulSets.Resources.Objects;
using Orleans.StatefulSets.Storage;

namespace Orleans.StatefulSets.Grains.Journal;

/// <summary>What becomes of the commits of one batch if it can be written.</summary>
internal sealed class SequencedBatch(IReadOnlyList<CommitEntry> entries)
{
    private readonly CommitResult[] answers = new CommitResult[entries.Count];
    private readonly bool[] tentative = new bool[entries.Count];
    private readonly List<(CommitEntry Entry, StoredObject Stamped)> good = new(entries.Count);

    public IReadOnlyList<CommitEntry> Entries => entries;

    /// <summary>The commits that are to land, numbered, in order.</summary>
    public IReadOnlyList<(CommitEntry Entry, StoredObject Stamped)> Good => good;

    /// <summary>Gives a commit its number.</summary>
    public StoredObject Stamp(int place, long revision)
    {
        var stamped = entries[place].Stamp(revision);
        good.Add((entries[place], stamped));
        Answer(place, new CommitResult { Committed = stamped }, isTentative: true);
        return stamped;
    }

    /// <param name="place">The commit's place in the batch.</param>
    /// <param name="answer">The answer.</param>
    /// <param name="isTentative">Whether it holds only if the batch becomes durable.</param>
    public void Answer(int place, CommitResult answer, bool isTentative) => (answers[place], tentative[place]) = (answer, isTentative);

    /// <summary>The answers, once the batch is durable.</summary>
    public CommitResult[] Answers() => answers;

    /// <summary>The answers where the batch could not be written: what depended on it is not known to anybody.</summary>
    public CommitResult[] AnswersWithout(string why) =>
        [.. answers.Zip(tentative, (answer, depends) => depends ? new CommitResult { Obstacle = CommitObstacle.Storage, Unavailable = why } : answer)];

    /// <summary>The answers of a holder that was fenced: what landed before did land, but its refusals may be wrong by now.</summary>
    public CommitResult[] AnswersOfPast(CommitObstacle obstacle, string why) =>
        [.. answers.Zip(tentative, (answer, depends) => depends || answer.Committed is null ? new CommitResult { Obstacle = obstacle, Unavailable = why } : answer)];

    /// <summary>
    /// Several revisions of one object write one row; the change log then misses the ones between, the ring does not. A deletion is always
    /// written: without it a later object of the name would look to a reader of the log like the earlier one changed.
    /// </summary>
    public List<JournalRecord> Records()
    {
        var last = new Dictionary<Resources.Kinds.ObjectKey, long>(good.Count);
        good.ForEach(commit => last[commit.Entry.Key] = commit.Stamped.ResourceVersion);
        return
        [
            .. good.Where(commit => commit.Entry.Deleted || last[commit.Entry.Key] == commit.Stamped.ResourceVersion).Select(commit => new JournalRecord
            {
                Revision = commit.Stamped.ResourceVersion,
                Key = commit.Entry.Key.ToString(),
                Uid = commit.Entry.Uid,
                Deleted = commit.Entry.Deleted,
                CommitId = commit.Entry.CommitId,
                Payload = commit.Entry.Payload,
            }),
        ];
    }
}

/// <summary>What a batch came to.</summary>
/// <param name="Answers">An answer for each commit, in their order.</param>
/// <param name="Landed">Whether there is something new to read.</param>
/// <param name="Failure">The storage's failure, where there was one.</param>
internal sealed record BatchOutcome(CommitResult[] Answers, bool Landed, JournalStorageException? Failure);
