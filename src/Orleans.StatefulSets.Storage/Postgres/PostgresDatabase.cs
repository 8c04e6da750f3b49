using Npgsql;

namespace Orleans.StatefulSets.Storage;

/// <summary>
/// The few connections of one store to its database. They are made when they are wanted; the first applies the schema. A call meets a
/// server that went away with patience, and finds it again by itself.
/// </summary>
internal sealed class PostgresDatabase : IAsyncDisposable
{
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(50);

    private readonly NpgsqlDataSource source;
    private readonly TimeProvider time;
    private readonly TimeSpan patience;
    private readonly IReadOnlyList<PostgresScript> scripts;
    private readonly string store;
    private readonly SemaphoreSlim preparing = new(1, 1);
    private readonly CancellationTokenSource closing = new();
    private volatile bool prepared;

    /// <exception cref="JournalStorageException">The connection string isn't one.</exception>
    public PostgresDatabase(PostgresAccess access, TimeProvider time)
    {
        this.time = time;
        patience = access.Patience;
        scripts = access.SchemaScripts;
        store = access.Store;
        var address = PostgresAddress.Parse(access.ConnectionString);
        address.Limit(access.CommandTimeout, access.Connections);
        Name = address.Name;
        source = NpgsqlDataSource.Create(address.ConnectionString);
    }

    /// <summary>The server and the database, for messages.</summary>
    public string Name { get; }

    /// <summary>Does something that may be done twice, and does it again while the server is away.</summary>
    /// <exception cref="JournalStorageException">It failed.</exception>
    public Task<T> RunAsync<T>(Func<NpgsqlConnection, CancellationToken, Task<T>> work, CancellationToken cancellation) => RunAsync(
        async token =>
        {
            await using var connection = await OpenAsync(token);
            return await work(connection, token);
        },
        cancellation);

    /// <inheritdoc cref="RunAsync{T}(Func{NpgsqlConnection, CancellationToken, Task{T}}, CancellationToken)"/>
    public async Task<T> RunAsync<T>(Func<CancellationToken, Task<T>> work, CancellationToken cancellation)
    {
        var begun = time.GetTimestamp();
        for (var attempt = 0; ; attempt++)
        {
            try
            {
                return await work(cancellation);
            }
            catch (Exception failure) when (PostgresProblem.IsOfDatabase(failure) && !closing.IsCancellationRequested)
            {
                if (!prepared || !PostgresProblem.IsAway(failure) || time.GetElapsedTime(begun) >= patience)
                {
                    throw PostgresProblem.Describe(failure, Name);
                }
            }
            catch (Exception failure) when (closing.IsCancellationRequested && failure is not JournalStorageException)
            {
                throw Closed();
            }

            await PauseAsync(attempt, cancellation);
        }
    }

    /// <summary>A connection to a database that has the tables; the caller gives it back by disposing of it.</summary>
    public async Task<NpgsqlConnection> OpenAsync(CancellationToken cancellation)
    {
        cancellation.ThrowIfCancellationRequested();
        if (closing.IsCancellationRequested)
        {
            throw Closed();
        }

        var connection = await source.OpenConnectionAsync(cancellation);
        try
        {
            await PrepareAsync(connection, cancellation);
            return connection;
        }
        catch
        {
            await connection.DisposeAsync();
            throw;
        }
    }

    /// <summary>Begins nothing more, and tries nothing again.</summary>
    public void Close() => closing.Cancel();

    public async ValueTask DisposeAsync()
    {
        Close();
        await source.DisposeAsync();
    }

    private JournalStorageException Closed() => new(JournalStorageProblem.Unavailable, $"{store} is closed");

    // The first failure is mostly an old connection to a server that is there again.
    private async Task PauseAsync(int attempt, CancellationToken cancellation)
    {
        source.Clear();
        if (attempt > 0)
        {
            await Task.Delay(Pause, time, cancellation);
        }
    }

    private async Task PrepareAsync(NpgsqlConnection connection, CancellationToken cancellation)
    {
        if (prepared)
        {
            return;
        }

        await preparing.WaitAsync(cancellation);
        try
        {
            if (!prepared)
            {
                await PostgresSchema.ApplyAsync(connection, scripts, Name, cancellation);
                prepared = true;
            }
        }
        finally
        {
            preparing.Release();
        }
    }
}
