using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Orleans.Concurrency;
using Orleans.StatefulSets.Grains.Reach;
using Orleans.StatefulSets.Resources.Kinds;
using Orleans.StatefulSets.Storage;

namespace Orleans.StatefulSets.Grains.Journal;

/// <summary>
/// The journal: takes what waits, lets <see cref="JournalSequencer"/> write it in one transaction, then publishes and answers. While one
/// batch is being written the next one gathers, which is all the batching there is.
/// </summary>
/// <remarks>
/// The directory of grains may for a moment hold two activations of one journal. Only the one whose epoch stands in the store can
/// append: the other is fenced by its next append, answers nobody that it committed anything, and goes.
/// </remarks>
[Reentrant]
[KeepAlive]
internal sealed partial class JournalGrain(IJournalStores stores, IOptions<JournalOptions> options, HeldJournals held, TimeProvider wall, ILogger<JournalGrain> logger)
    : Grain, IJournalGrain
{
    private readonly JournalOptions bounds = options.Value;
    private readonly Queue<PendingCommit> pending = new();
    private IJournalStore store = null!;
    private JournalSequencer sequencer = null!;
    private bool isHeld;
    private bool pumping;
    private bool trimming;
    private TaskCompletionSource published = NewSignal();

    private string Name => this.GetPrimaryKeyString();

    private string Fenced => $"the journal '{Name}' has another holder by now";

    /// <inheritdoc/>
    public override async Task OnActivateAsync(CancellationToken cancellationToken)
    {
        store = stores.For(Name);
        sequencer = new JournalSequencer(Name, store, bounds);
        await sequencer.OpenAsync(cancellationToken);
        sequencer.Log.Begin(await FindTrimmedAsync(cancellationToken), sequencer.Head.Revision);
        held.Add(Name);
        isHeld = true;
        LogOpened(Name, sequencer.Head.Epoch, sequencer.Head.Revision, sequencer.Count);
    }

    /// <inheritdoc/>
    public override Task OnDeactivateAsync(DeactivationReason reason, CancellationToken cancellationToken)
    {
        if (isHeld)
        {
            held.Remove(Name);
        }

        return Task.CompletedTask;
    }

    /// <inheritdoc/>
    public Task<CommitResult> Commit(CommitEntry entry)
    {
        if (sequencer.IsFenced)
        {
            return Task.FromResult(new CommitResult { Obstacle = CommitObstacle.Fenced, Unavailable = Fenced });
        }

        if (pending.Count >= bounds.MaxPending)
        {
            return Task.FromResult(new CommitResult { Obstacle = CommitObstacle.Overloaded, Unavailable = "the journal has too many writes waiting" });
        }

        var commit = new PendingCommit(entry);
        pending.Enqueue(commit);
        StartPump();
        return commit.Answer.Task;
    }

    /// <inheritdoc/>
    public Task<CommitResult[]> CommitMany(CommitEntry[] entries) => Task.WhenAll(Array.ConvertAll(entries, Commit));

    /// <inheritdoc/>
    public async Task<JournalSlice> Read(long epoch, long after, int maxBytes)
    {
        if (after >= sequencer.Head.Revision)
        {
            // A reader that waits in vain returns empty before the call would time out, and asks again.
            await Task.WhenAny(published.Task, Task.Delay(bounds.ReadWait, wall));
        }

        return await sequencer.ReadAsync(after, maxBytes);
    }

    /// <inheritdoc/>
    public async Task<long> ConfirmHead()
    {
        if (await sequencer.ConfirmHeadAsync() is { } confirmed)
        {
            return confirmed;
        }

        Leave();
        throw new OrleansException(Fenced);
    }

    /// <inheritdoc/>
    public async Task<long?> FindCommit(Guid[] commitIds)
    {
        await ConfirmHead();
        return sequencer.FindCommit(commitIds);
    }

    /// <inheritdoc/>
    public ValueTask<string> UidOf(ObjectKey key) => new(sequencer.UidOf(key));

    private static TaskCompletionSource NewSignal() => new(TaskCreationOptions.RunContinuationsAsynchronously);

    private void StartPump()
    {
        if (!pumping)
        {
            pumping = true;
            _ = PumpAsync();
        }
    }

    private async Task PumpAsync()
    {
        try
        {
            while (pending.Count > 0)
            {
                // What has arrived by now joins in, also where the store answers before it returns.
                await Task.Yield();
                var batch = TakeBatch();
                try
                {
                    await CommitBatchAsync(batch);
                }
                catch (Exception failure)
                {
                    // Whatever it was, nobody waits for an answer that does not come.
                    LogBatchFailed(failure, Name);
                    batch.ForEach(commit => commit.Answer.TrySetResult(new CommitResult { Obstacle = CommitObstacle.Storage, Unavailable = failure.Message }));
                }
            }
        }
        finally
        {
            pumping = false;
        }
    }

    private List<PendingCommit> TakeBatch()
    {
        var batch = new List<PendingCommit>(Math.Min(pending.Count, bounds.MaxBatch));
        while (batch.Count < bounds.MaxBatch && pending.TryDequeue(out var commit))
        {
            batch.Add(commit);
        }

        return batch;
    }

    private async Task CommitBatchAsync(List<PendingCommit> batch)
    {
        var outcome = await sequencer.CommitAsync(batch.ConvertAll(commit => commit.Entry));
        if (outcome.Failure is { } failure)
        {
            LogAppendFailed(failure, Name);
        }

        if (sequencer.IsFenced)
        {
            Leave();
        }

        if (outcome.Landed)
        {
            var signal = published;
            published = NewSignal();
            signal.SetResult();
        }

        for (var place = 0; place < batch.Count; place++)
        {
            batch[place].Answer.SetResult(outcome.Answers[place]);
        }

        StartTrimming();
    }

    // A holder that never got to trim leaves the whole log to the next, however often that happens.
    private async Task<long> FindTrimmedAsync(CancellationToken cancellation)
    {
        var overdue = sequencer.Head.Revision - (2L * bounds.LogRevisions) - 1;
        return overdue >= 0 && await store.ReadChangesAsync(overdue, maxBytes: 1, cancellation) is not null
            ? overdue
            : Math.Max(0, sequencer.Head.Revision - bounds.LogRevisions);
    }

    private void StartTrimming()
    {
        if (!trimming && sequencer.Log.Overdue() is { } upTo)
        {
            trimming = true;
            _ = TrimAsync(upTo);
        }
    }

    private async Task TrimAsync(long upTo)
    {
        const int rowsAStep = 2000;
        try
        {
            while (await store.TrimAsync(upTo, rowsAStep, CancellationToken.None) >= rowsAStep)
            {
            }

            sequencer.Log.Trimmed(upTo);
        }
        catch (JournalStorageException failure)
        {
            LogAppendFailed(failure, Name);
        }
        finally
        {
            trimming = false;
        }
    }

    private void Leave()
    {
        LogFenced(Name, sequencer.Head.Epoch);
        DeactivateOnIdle();
    }

    private sealed class PendingCommit(CommitEntry entry)
    {
        public CommitEntry Entry { get; } = entry;

        public TaskCompletionSource<CommitResult> Answer { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);
    }

    [LoggerMessage(Level = LogLevel.Information, Message = "Journal {Journal} opened: epoch {Epoch}, head {Head}, {Count} objects")]
    private partial void LogOpened(string journal, long epoch, long head, int count);

    [LoggerMessage(Level = LogLevel.Error, Message = "Journal {Journal} could not write")]
    private partial void LogAppendFailed(Exception failure, string journal);

    [LoggerMessage(Level = LogLevel.Error, Message = "A batch of journal {Journal} failed")]
    private partial void LogBatchFailed(Exception failure, string journal);

    [LoggerMessage(Level = LogLevel.Warning, Message = "Journal {Journal} of epoch {Epoch} was fenced by a newer one")]
    private partial void LogFenced(string journal, long epoch);
}
