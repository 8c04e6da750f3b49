using Microsoft.Data.Sqlite;

namespace Orleans.StatefulSets.Storage;

/// <summary>
/// Files in an SQLite file of their own, in WAL mode: one thread and connection write, another pair reads, and neither makes the other
/// wait. The file is opened by the first call; a call that could not open it may be tried again.
/// </summary>
public sealed class SqliteFileStore(SqliteFileOptions options) : IFileStore
{
    // A transaction of so little takes less time than two threads that wake each other.
    private const int ShortFlushRows = 16;
    private const int ShortFlushBytes = 65_536;

    // Each tree in use has one flush under way, and few reads.
    private const int MaxWaiting = 65_536;

    private const string What = "the file store";

    private readonly StoreThread writing = new("files writer", What, MaxWaiting);
    private readonly StoreThread reading = new("files reader", What, MaxWaiting);
    private DataDirectory? directory;
    private FilesWriter? writer;
    private volatile FilesReader? reader;

    /// <inheritdoc/>
    public Task<TreeHold?> AcquireAsync(string tree, bool create, CancellationToken cancellation) => WriteAsync(files => files.Acquire(tree, create), cancellation, isShort: true);

    /// <inheritdoc/>
    public Task<StoredTree?> LoadAsync(TreeHold hold, CancellationToken cancellation) => ReadAsync(files => files.Load(hold), cancellation);

    /// <inheritdoc/>
    public Task<IReadOnlyList<StoredBlock>?> ReadBlocksAsync(TreeHold hold, long inode, IReadOnlyList<long> indexes, CancellationToken cancellation) =>
        ReadAsync(files => files.ReadBlocks(hold, inode, indexes), cancellation, isShort: true);

    /// <inheritdoc/>
    public Task<FlushOutcome> FlushAsync(TreeHold hold, TreeFlush flush, CancellationToken cancellation) =>
        WriteAsync(files => files.Flush(hold, flush), cancellation, isShort: flush.Rows <= ShortFlushRows && flush.BlockBytes <= ShortFlushBytes);

    /// <inheritdoc/>
    public async Task<bool> DeleteAsync(string tree, CancellationToken cancellation)
    {
        if (await WriteAsync(files => files.Doom(tree), cancellation) is not { } doomed)
        {
            return false;
        }

        await PurgeAsync(doomed, cancellation);
        return true;
    }

    /// <inheritdoc/>
    public Task<bool> ExistsAsync(string tree, CancellationToken cancellation) => ReadAsync(files => files.Exists(tree), cancellation, isShort: true);

    /// <inheritdoc/>
    public Task<IReadOnlyList<string>> ListAsync(string after, int most, CancellationToken cancellation) => ReadAsync(files => files.List(after, most), cancellation);

    /// <summary>Finishes what was begun, closes the file and lets go of the data directory.</summary>
    public async ValueTask DisposeAsync()
    {
        await reading.DisposeAsync();
        await writing.DisposeAsync();
        Close();
    }

    // In steps, between which others get their turn.
    private async Task PurgeAsync(long tree, CancellationToken cancellation)
    {
        while (await WriteAsync(files => files.Purge(tree), cancellation))
        {
        }
    }

    private Task<T> WriteAsync<T>(Func<FilesWriter, T> work, CancellationToken cancellation, bool isShort = false) =>
        writing.RunAsync(() => Translate(() => work(Open())), cancellation, isShort);

    private async Task<T> ReadAsync<T>(Func<FilesReader, T> work, CancellationToken cancellation, bool isShort = false)
    {
        var opened = reader ?? await WriteAsync(_ => reader!, cancellation);
        return await reading.RunAsync(() => Translate(() => work(opened)), cancellation, isShort);
    }

    private T Translate<T>(Func<T> work)
    {
        try
        {
            return work();
        }
        catch (SqliteException failure)
        {
            throw SqliteProblem.Describe(failure, options.File, "this program's files");
        }
    }

    private FilesWriter Open()
    {
        if (writer is not null)
        {
            return writer;
        }

        try
        {
            directory = DataDirectory.Open(options.DataDirectory);
            writer = new FilesWriter(DatabaseFile.OpenWriter(options.Shape), options.MaxBytes);
            reader = new FilesReader(DatabaseFile.OpenReader(options.File));
            foreach (var doomed in writer.Doomed())
            {
                // Nobody waits for it; what isn't done by the end is found again at the next start.
                _ = PurgeAsync(doomed, CancellationToken.None);
            }

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
