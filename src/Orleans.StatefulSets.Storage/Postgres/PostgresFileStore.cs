namespace Orleans.StatefulSets.Storage;

/// <summary>
/// Files in a PostgreSQL database that any number of processes may share. While the server restarts calls wait for it, a flush among
/// them: it says how things are, and is conditional upon the tree's epoch, so that it does no harm to send it again.
/// </summary>
public sealed class PostgresFileStore : IFileStore
{
    private const int MaxWrites = 4;
    private const int MaxReads = 4;

    private readonly PostgresDatabase database;
    private readonly PostgresFilesBound bound;
    private readonly SemaphoreSlim writing = new(MaxWrites, MaxWrites);
    private readonly SemaphoreSlim reading = new(MaxReads, MaxReads);

    /// <summary>Connects with the first call; a call that could not connect may be tried again.</summary>
    /// <exception cref="JournalStorageException">The connection string isn't one.</exception>
    public PostgresFileStore(PostgresFileOptions options, TimeProvider time)
    {
        bound = new PostgresFilesBound(options.MaxBytes, time);
        database = new PostgresDatabase(
            new PostgresAccess
            {
                ConnectionString = options.ConnectionString,
                CommandTimeout = options.CommandTimeout,
                Patience = options.Patience,
                SchemaScripts = options.SchemaScripts,
                Connections = MaxWrites + MaxReads,
                Store = "the file store",
            },
            time);
    }

    /// <inheritdoc/>
    public Task<TreeHold?> AcquireAsync(string tree, bool create, CancellationToken cancellation) => InTurnAsync(
        writing, () => database.RunAsync((connection, token) => PostgresTrees.AcquireAsync(connection, tree, create, token), cancellation), cancellation);

    /// <inheritdoc/>
    public Task<StoredTree?> LoadAsync(TreeHold hold, CancellationToken cancellation) => InTurnAsync(
        reading, () => database.RunAsync((connection, token) => PostgresTrees.LoadAsync(connection, hold, token), cancellation), cancellation);

    /// <inheritdoc/>
    public Task<IReadOnlyList<StoredBlock>?> ReadBlocksAsync(TreeHold hold, long inode, IReadOnlyList<long> indexes, CancellationToken cancellation) => InTurnAsync(
        reading, () => database.RunAsync((connection, token) => PostgresTrees.ReadBlocksAsync(connection, hold, inode, indexes, token), cancellation), cancellation);

    /// <inheritdoc/>
    public Task<FlushOutcome> FlushAsync(TreeHold hold, TreeFlush flush, CancellationToken cancellation) => InTurnAsync(
        writing,
        () => database.RunAsync(
            async (connection, token) =>
            {
                await bound.RequireAsync(connection, hold.Tree, flush.Header.Bytes, token);
                return await PostgresFlush.WriteAsync(connection, hold, flush);
            },
            CancellationToken.None),
        cancellation);

    /// <inheritdoc/>
    public Task<bool> DeleteAsync(string tree, CancellationToken cancellation) => InTurnAsync(
        writing,
        async () =>
        {
            var doomed = await database.RunAsync((connection, token) => PostgresDoom.DoomAsync(connection, tree, token), cancellation);
            foreach (var left in await database.RunAsync(PostgresDoom.ListAsync, cancellation))
            {
                while (await database.RunAsync((connection, token) => PostgresDoom.PurgeAsync(connection, left, token), cancellation))
                {
                }
            }

            return doomed is not null;
        },
        cancellation);

    /// <inheritdoc/>
    public Task<bool> ExistsAsync(string tree, CancellationToken cancellation) => InTurnAsync(
        reading, () => database.RunAsync((connection, token) => PostgresTrees.ExistsAsync(connection, tree, token), cancellation), cancellation);

    /// <inheritdoc/>
    public Task<IReadOnlyList<string>> ListAsync(string after, int most, CancellationToken cancellation) => InTurnAsync(
        reading, () => database.RunAsync((connection, token) => PostgresTrees.ListAsync(connection, after, most, token), cancellation), cancellation);

    /// <summary>Begins nothing more, and closes the connections when the flushes that are being written are.</summary>
    public async ValueTask DisposeAsync()
    {
        database.Close();
        for (var turn = 0; turn < MaxWrites; turn++)
        {
            await writing.WaitAsync();
        }

        try
        {
            await database.DisposeAsync();
        }
        finally
        {
            writing.Release(MaxWrites);
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
