using System.Runtime.CompilerServices;
using Microsoft.Data.Sqlite;

namespace Orleans.StatefulSets.Storage;

/// <summary>
/// A journal in an SQLite file of its own, in WAL mode: one thread and connection write, another pair reads, and neither makes
/// the other wait. The file is opened by the first call; a call that could not open it may be tried again.
/// </summary>
public sealed class SqliteJournalStore(SqliteJournalOptions options) : IJournalStore
{
    // A transaction of so few records takes less time than two threads that wake each other.
    private const int ShortBatch = 16;

    // A journal has one call under way and a replica one: whoever gets here has lost count of its own calls.
    private const int MaxWaiting = 1024;

    private const string What = "the journal";

    private readonly StoreThread writing = new($"journal {options.Journal} writer", What, MaxWaiting);
    private readonly StoreThread reading = new($"journal {options.Journal} reader", What, MaxWaiting);
    private readonly SemaphoreSlim trimming = new(1, 1);
    private SupersededRevisions superseded = new();
    private long acquiredAt;
    private DataDirectory? directory;
    private JournalWriter? writer;
    private volatile JournalReader? reader;

    /// <inheritdoc/>
    public Task<JournalHead> AcquireAsync(CancellationToken cancellation) => WriteAsync(
        journal =>
        {
            var head = journal.Acquire();
            (superseded, acquiredAt) = (new SupersededRevisions(), head.Revision);
            return head;
        },
        cancellation);

    /// <inheritdoc/>
    public Task<AppendOutcome> AppendAsync(
        JournalHead expected, long newHead, IReadOnlyList<JournalRecord> records, CancellationToken cancellation)
    {
        JournalBatch.Validate(expected, newHead, records);
        return WriteAsync(
            journal =>
            {
                var outcome = journal.Append(expected, newHead, records);
                foreach (var record in outcome == AppendOutcome.Appended ? records : [])
                {
                    superseded.Observe(record.Key, record.Revision, record.Deleted);
                }

                return outcome;
            },
            cancellation,
            isShort: records.Count <= ShortBatch);
    }

    /// <inheritdoc/>
    public Task<JournalHead> ReadHeadAsync(CancellationToken cancellation) => ReadAsync(journal => journal.ReadHead(), cancellation, isShort: true);

    /// <inheritdoc/>
    public async IAsyncEnumerable<JournalRecord> ReadLiveAsync(bool keysOnly, [EnumeratorCancellation] CancellationToken cancellation)
    {
        var scan = await ReadAsync(_ => new LogScan(JournalFile.OpenReader(options), withPayload: !keysOnly), cancellation);
        try
        {
            while (await ReadAsync(_ => scan.NextLive(), cancellation) is { Count: > 0 } portion)
            {
                foreach (var record in portion)
                {
                    yield return record;
                }
            }
        }
        finally
        {
            await CloseAsync(scan);
        }
    }

    /// <inheritdoc/>
    public Task<IReadOnlyList<JournalRecord>?> ReadChangesAsync(long after, int maxBytes, CancellationToken cancellation) =>
        ReadAsync(journal => journal.ReadChanges(after, maxBytes), cancellation);

    /// <inheritdoc/>
    public async Task<int> TrimAsync(long upTo, int maxRows, CancellationToken cancellation)
    {
        await trimming.WaitAsync(cancellation);
        try
        {
            // Whoever reads the log from here on must know of the trim before the first row goes.
            var compacted = await WriteAsync(journal => journal.Compact(upTo), cancellation);
            var forgettable = await LoadSupersededAsync(cancellation);
            return await WriteAsync(journal => Delete(journal, forgettable, compacted, maxRows), cancellation);
        }
        finally
        {
            trimming.Release();
        }
    }

    /// <summary>Finishes what was begun, closes the file and lets go of the data directory.</summary>
    public async ValueTask DisposeAsync()
    {
        await reading.DisposeAsync();
        await writing.DisposeAsync();
        Close();
    }

    private static int Delete(JournalWriter journal, SupersededRevisions forgettable, long upTo, int maxRows)
    {
        var revisions = forgettable.Take(upTo, maxRows);
        try
        {
            return journal.Delete(revisions);
        }
        catch
        {
            forgettable.Return(revisions);
            throw;
        }
    }

    // The log that was stored before this store took it over is read once, in portions between other reads; what is appended
    // meanwhile is remembered by the writer.
    private async Task<SupersededRevisions> LoadSupersededAsync(CancellationToken cancellation)
    {
        var (loading, upTo) = await WriteAsync(_ => (superseded, acquiredAt), cancellation);
        if (loading.IsLoaded)
        {
            return loading;
        }

        var scan = await ReadAsync(_ => new LogScan(JournalFile.OpenReader(options), withPayload: false, upTo), cancellation);
        try
        {
            while (await ReadAsync(_ => scan.Tell(loading), cancellation))
            {
            }

            loading.CompleteLoad();
            return loading;
        }
        finally
        {
            await CloseAsync(scan);
        }
    }

    private Task<T> WriteAsync<T>(Func<JournalWriter, T> work, CancellationToken cancellation, bool isShort = false) =>
        writing.RunAsync(() => Translate(() => work(Open())), cancellation, isShort);

    private async Task<T> ReadAsync<T>(Func<JournalReader, T> work, CancellationToken cancellation, bool isShort = false)
    {
        var opened = reader ?? await WriteAsync(_ => reader!, cancellation);
        return await reading.RunAsync(() => Translate(() => work(opened)), cancellation, isShort);
    }

    private async Task CloseAsync(LogScan scan)
    {
        try
        {
            await reading.RunAsync(
                () =>
                {
                    scan.Dispose();
                    return true;
                },
                CancellationToken.None);
        }
        catch (JournalStorageException)
        {
            // The store was closed under the enumeration, and its thread with it: nobody else uses the scan now.
            scan.Dispose();
        }
    }

    private T Translate<T>(Func<T> work)
    {
        try
        {
            return work();
        }
        catch (SqliteException failure)
        {
            throw SqliteProblem.Describe(failure, options.File, "a journal");
        }
    }

    private JournalWriter Open()
    {
        if (writer is not null)
        {
            return writer;
        }

        try
        {
            directory = DataDirectory.Open(options.DataDirectory);
            writer = new JournalWriter(JournalFile.OpenWriter(options));
            acquiredAt = writer.ReadRevision();
            reader = new JournalReader(JournalFile.OpenReader(options));
            return writer;
        }
        catch
        {
            Close();
            throw;
        }
    }

    private void Close()
    {
        reader?.Dispose();
        writer?.Dispose();
        directory?.Dispose();
        (reader, writer, directory) = (null, null, null);
    }
}
