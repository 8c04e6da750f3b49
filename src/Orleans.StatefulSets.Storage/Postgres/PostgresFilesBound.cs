using Npgsql;

namespace Orleans.StatefulSets.Storage;

/// <summary>
/// Holds all trees of a database to their bound. To add them all up with each flush would cost more than the flush, so the sum is read
/// once a second, and what this process adds meanwhile is counted on top.
/// </summary>
/// <param name="maxBytes">The bound; 0 for none.</param>
/// <param name="time">The wall's clock.</param>
internal sealed class PostgresFilesBound(long maxBytes, TimeProvider time)
{
    private static readonly TimeSpan SumLasts = TimeSpan.FromSeconds(1);

    private readonly Lock gate = new();
    private readonly Dictionary<long, long> written = [];
    private long sum;
    private long? readAt;

    /// <exception cref="JournalStorageException">The bound is reached, and the flush would make the tree larger.</exception>
    public async Task RequireAsync(NpgsqlConnection connection, long tree, long bytes, CancellationToken cancellation)
    {
        if (maxBytes == 0)
        {
            return;
        }

        var before = Known(tree) ?? await ReadAsync(connection, "SELECT bytes FROM file_trees WHERE tree = $1", cancellation, tree);
        if (bytes <= before)
        {
            Note(tree, before, bytes);
            return;
        }

        if (IsOld())
        {
            var read = await ReadAsync(connection, "SELECT coalesce(sum(bytes), 0)::bigint FROM file_trees", cancellation);
            lock (gate)
            {
                (sum, readAt) = (read, time.GetTimestamp());
                written.Clear();
            }
        }

        Note(tree, before, bytes);
    }

    private bool IsOld()
    {
        lock (gate)
        {
            return readAt is not { } at || time.GetElapsedTime(at) >= SumLasts;
        }
    }

    private long? Known(long tree)
    {
        lock (gate)
        {
            return written.TryGetValue(tree, out var bytes) ? bytes : null;
        }
    }

    private void Note(long tree, long before, long bytes)
    {
        lock (gate)
        {
            if (bytes > before && sum + bytes - before > maxBytes)
            {
                throw FilesBound.Reached(maxBytes);
            }

            sum += bytes - before;
            written[tree] = bytes;
        }
    }

    private static async Task<long> ReadAsync(NpgsqlConnection connection, string sql, CancellationToken cancellation, params long[] parameters)
    {
        await using var command = new NpgsqlCommand(sql, connection);
        foreach (var parameter in parameters)
        {
            command.Parameters.Add(new NpgsqlParameter<long> { TypedValue = parameter });
        }

        return await command.ExecuteScalarAsync(cancellation) is long number ? number : 0;
    }
}
