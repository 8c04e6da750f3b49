namespace Orleans.StatefulSets.Storage;

/// <summary>
/// The tables behind one journal, log-structured as etcd's: each revision is written once, in the order of the commits, and the
/// current object is the highest revision of its key unless that is a deletion. What is superseded stays, as the change log,
/// until it is trimmed. All failures of the storage itself are <see cref="JournalStorageException"/>.
/// </summary>
/// <remarks>
/// Safe for concurrent calls. No call blocks its caller's thread. Before the first <see cref="AcquireAsync"/> of a new journal
/// the other calls see an empty one: epoch 0, revision 0.
/// </remarks>
public interface IJournalStore : IAsyncDisposable
{
    /// <summary>
    /// Takes the journal over: advances the epoch by one from what is stored, so that any earlier holder is fenced.
    /// Creates the schema if it is missing.
    /// </summary>
    Task<JournalHead> AcquireAsync(CancellationToken cancellation);

    /// <summary>
    /// Writes one batch in one transaction together with the head row; refused (<see cref="AppendOutcome.Fenced"/>) without
    /// writing anything if the stored head isn't exactly <paramref name="expected"/>. Once begun it isn't cancelled: a caller who
    /// gets an exception doesn't know whether the batch landed, or will yet; <see cref="ReadHeadAsync"/> and
    /// <see cref="JournalBatch.IsStoredAsync"/> tell whether it has.
    /// </summary>
    /// <param name="expected">The head that the caller holds.</param>
    /// <param name="newHead">The head's revision after the batch; at least that of the last record.</param>
    /// <param name="records">In ascending order of revision, all above the expected head's. Revisions may be left out.</param>
    /// <param name="cancellation">Gives up while the batch still waits for its turn.</param>
    /// <exception cref="ArgumentException">The records are out of order or outside of (expected, newHead].</exception>
    Task<AppendOutcome> AppendAsync(JournalHead expected, long newHead, IReadOnlyList<JournalRecord> records, CancellationToken cancellation);

    /// <summary>Reads the head row: a leader confirms that it still leads.</summary>
    Task<JournalHead> ReadHeadAsync(CancellationToken cancellation);

    /// <summary>
    /// The live objects at the present head, each once, in any order, streamed: for a replica's snapshot and for the journal's index.
    /// What is enumerated is one moment's state, whatever is appended meanwhile.
    /// </summary>
    /// <param name="keysOnly">Leaves the payloads empty and unread: a failover reads keys and versions, not payloads.</param>
    /// <param name="cancellation">Ends the enumeration.</param>
    IAsyncEnumerable<JournalRecord> ReadLiveAsync(bool keysOnly, CancellationToken cancellation);

    /// <summary>The changes after a revision, in order, deletions included.</summary>
    /// <param name="after">The revision after which to begin.</param>
    /// <param name="maxBytes">How many bytes of payload at most; one record is given however large it is.</param>
    /// <param name="cancellation">Gives up.</param>
    /// <returns>The changes, none where there are none yet; null if the log no longer reaches back to <paramref name="after"/>.</returns>
    Task<IReadOnlyList<JournalRecord>?> ReadChangesAsync(long after, int maxBytes, CancellationToken cancellation);

    /// <summary>
    /// Forgets superseded revisions and deletions up to and including a revision; live objects stay. The revision is remembered at
    /// once, so that <see cref="ReadChangesAsync"/> knows where the log begins; the rows go in steps, oldest first.
    /// </summary>
    /// <param name="upTo">The revision; beyond the head it means the head.</param>
    /// <param name="maxRows">How many rows go in this step at most.</param>
    /// <param name="cancellation">Gives up.</param>
    /// <returns>How many rows went; fewer than <paramref name="maxRows"/> when there are no more.</returns>
    Task<int> TrimAsync(long upTo, int maxRows, CancellationToken cancellation);
}
