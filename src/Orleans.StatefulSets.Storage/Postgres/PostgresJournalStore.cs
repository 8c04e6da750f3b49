using System.Runtime.CompilerServices;
using Npgsql;

namespace Orleans.StatefulSets.Storage;

/// <summary>
/// A journal in a PostgreSQL database that any number of processes may share: whoever acquired it last leads it, and the others read.
/// Batches are written one after another; reads go beside them. While the server restarts calls wait for it, an append among them: its
/// condition on the head makes it harmless to send again.
/// </summary>
public sealed class PostgresJournalStore : IJournalStore
{
    private const int MaxReads = 4;
    private const int MaxScans = 2;

    // How much is read at a time to see whether a batch was written.
    private const int CheckBytes = 1 << 20;

    private readonly PostgresJournalOptions options;
    private readonly PostgresDatabase database;
    private readonly SemaphoreSlim writing = new(1, 1);
    private readonly SemaphoreSlim trimming = new(1, 1);
    private readonly SemaphoreSlim reading = new(MaxReads, MaxReads);
    private readonly SemaphoreSlim scanning = new(MaxScans, MaxScans);
    private volatile SupersededRevisions superseded = new();
    private long loadUpTo = long.MaxValue;

    /// <summary>Connects with the first call; a call that could not connect may be tried again.</summary>
    /// <exception cref="JournalStorageException">The connection string isn't one.</exception>
    public PostgresJournalStore(PostgresJournalOptions options, TimeProvider time)
    {
        this.options = options;
        database = new PostgresDatabase(
            new PostgresAccess
            {
                ConnectionString = options.ConnectionString,
                CommandTimeout = options.CommandTimeout,
                Patience = options.Patience,
                SchemaScripts = options.SchemaScripts,
                Connections = 2 + MaxReads + MaxScans,
                Store = "the journal",
            },
            time);
    }

    /// <inheritdoc/>
    public Task<JournalHead> AcquireAsync(CancellationToken cancellation) => InTurnAsync(
        writing,
        async () =>
        {
            var (head, overrun) = await database.RunAsync(
                (connection, token) => PostgresReads.AcquireAsync(connection, options.Journal, token), cancellation);
            if (overrun)
            {
                throw new JournalStorageException(
                    JournalStorageProblem.Corrupt, $"{database.Name} is damaged: the head and the log of '{options.Journal}' disagree; it was left as it is");
            }

            ForgetSuperseded(head.Revision);
            return head;
        },
        cancellation);

    /// <inheritdoc/>
    public Task<AppendOutcome> AppendAsync(
        JournalHead expected, long newHead, IReadOnlyList<JournalRecord> records, CancellationToken cancellation)
    {
        JournalBatch.Validate(expected, newHead, records);
        return InTurnAsync(
            writing,
            async () =>
            {
                cancellation.ThrowIfCancellationRequested();
                var outcome = await AppendAsync(expected, newHead, records);
                foreach (var record in outcome == AppendOutcome.Appended ? records : [])
                {
                    superseded.Observe(record.Key, record.Revision, record.Deleted);
                }

                return outcome;
            },
            cancellation);
    }

    /// <inheritdoc/>
    public Task<JournalHead> ReadHeadAsync(CancellationToken cancellation) => InTurnAsync(reading, () => ReadHeadAtOnceAsync(cancellation), cancellation);

    /// <inheritdoc/>
    public async IAsyncEnumerable<JournalRecord> ReadLiveAsync(bool keysOnly, [EnumeratorCancellation] CancellationToken cancellation)
    {
        await scanning.WaitAsync(cancellation);
        try
        {
            await using var scan = await BeginScanAsync(withPayload: !keysOnly, long.MaxValue, cancellation);
            while (await TranslateAsync(() => scan.NextLiveAsync(cancellation)) is { Count: > 0 } portion)
            {
                foreach (var record in portion)
                {
                    yield return record;
                }
            }
        }
        finally
        {
            scanning.Release();
        }
    }

    /// <inheritdoc/>
    public Task<IReadOnlyList<JournalRecord>?> ReadChangesAsync(long after, int maxBytes, CancellationToken cancellation) => InTurnAsync(
        reading,
        () => database.RunAsync(
            (connection, token) => PostgresReads.ReadChangesAsync(connection, options.Journal, after, maxBytes, token), cancellation),
        cancellation);

    /// <inheritdoc/>
    public Task<int> TrimAsync(long upTo, int maxRows, CancellationToken cancellation) => InTurnAsync(
        trimming,
        async () =>
        {
            // Whoever reads the log from here on must know of the trim before the first row goes.
            var compacted = await database.RunAsync(
                (connection, token) => PostgresTrim.CompactAsync(connection, options.Journal, upTo, token), cancellation);
            var forgettable = await LoadSupersededAsync(cancellation);
            var revisions = forgettable.Take(compacted, maxRows);
            try
            {
                return revisions.Count == 0 ? 0 : await database.RunAsync(
                    (connection, token) => PostgresTrim.DeleteAsync(connection, options.Journal, revisions, token), cancellation);
            }
            catch
            {
                forgettable.Return(revisions);
                throw;
            }
        },
        cancellation);

    /// <summary>Finishes the batch that is being written and closes the connections.</summary>
    public async ValueTask DisposeAsync()
    {
        database.Close();
        await writing.WaitAsync();
        try
        {
            await database.DisposeAsync();
        }
        finally
        {
            writing.Release();
        }
    }

    // The connection may break after the commit and before the answer. The batch is then sent again; if it had landed it is refused this
    // time, and the head and the log tell why.
    private async Task<AppendOutcome> AppendAsync(JournalHead expected, long newHead, IReadOnlyList<JournalRecord> records)
    {
        var doubt = false;
        try
        {
            return await database.RunAsync(
                async (connection, _) =>
                {
                    try
                    {
                        var outcome = await PostgresBatch.WriteAsync(connection, options.Journal, expected, newHead, records);
                        var landedBefore = outcome == AppendOutcome.Fenced && doubt && await IsStoredAsync(connection, expected, newHead, records);
                        return landedBefore ? AppendOutcome.Appended : outcome;
                    }
                    catch (Exception failure) when (PostgresProblem.IsOfDatabase(failure) && PostgresProblem.IsOutcomeUnknown(failure))
                    {
                        doubt = true;
                        throw;
                    }
                },
                CancellationToken.None);
        }
        catch (JournalStorageException failure) when (doubt)
        {
            ForgetSuperseded(newHead);
            throw new JournalStorageException(failure.Problem, $"{failure.Message}; whether the last batch was written is not known", failure.InnerException);
        }
    }

    private async Task<bool> IsStoredAsync(NpgsqlConnection connection, JournalHead expected, long newHead, IReadOnlyList<JournalRecord> records) =>
        await PostgresReads.ReadHeadAsync(connection, options.Journal, CancellationToken.None) == expected with { Revision = newHead }
        && await JournalBatch.IsStoredAsync(
            records,
            expected.Revision,
            after => PostgresReads.ReadChangesAsync(connection, options.Journal, after, CheckBytes, CancellationToken.None));

    private Task<JournalHead> ReadHeadAtOnceAsync(CancellationToken cancellation) =>
        database.RunAsync((connection, token) => PostgresReads.ReadHeadAsync(connection, options.Journal, token), cancellation);

    // What was superseded up to a revision is read from the log when it is next asked for; what is appended from here on is remembered.
    private void ForgetSuperseded(long upTo)
    {
        Volatile.Write(ref loadUpTo, upTo);
        superseded = new SupersededRevisions();
    }

    private async Task<SupersededRevisions> LoadSupersededAsync(CancellationToken cancellation)
    {
        var loading = superseded;
        if (!loading.IsLoaded)
        {
            await using var scan = await BeginScanAsync(withPayload: false, Volatile.Read(ref loadUpTo), cancellation);
            await TranslateAsync(async () =>
            {
                await scan.TellAsync(loading, cancellation);
                return true;
            });
            loading.CompleteLoad();
        }

        return loading;
    }

    private Task<PostgresScan> BeginScanAsync(bool withPayload, long upTo, CancellationToken cancellation) => database.RunAsync(
        async token => await PostgresScan.BeginAsync(await database.OpenAsync(token), options.Journal, withPayload, upTo, token), cancellation);

    private async Task<T> TranslateAsync<T>(Func<Task<T>> work)
    {
        try
        {
            return await work();
        }
        catch (Exception failure) when (PostgresProblem.IsOfDatabase(failure))
        {
            throw PostgresProblem.Describe(failure, database.Name);
        }
    }

    private static async Task<T> InTurnAsync<T>(SemaphoreSlim turn, Func<Task<T>> work, CancellationToken cancellation)
    {
        await turn.WaitAsync(cancellation);
        try
        {
            return await work();
        }
        finally
        {
            turn.Release();
        }
    }
}
