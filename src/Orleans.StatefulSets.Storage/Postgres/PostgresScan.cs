using Npgsql;

namespace Orleans.StatefulSets.Storage;

/// <summary>
/// A walk over the whole log at one moment, newest first, in portions, on a connection of its own: a cursor, so that whoever leaves early
/// doesn't wait for the rest.
/// </summary>
internal sealed class PostgresScan : IAsyncDisposable
{
    private const int PortionRows = 1000;
    private const int PortionBytes = 1 << 20;

    private readonly NpgsqlConnection connection;
    private readonly bool withPayload;
    private readonly HashSet<string> seen = new(StringComparer.Ordinal);
    private NpgsqlTransaction? transaction;
    private NpgsqlCommand? fetch;
    private NpgsqlDataReader? rows;
    private int fetched;

    private PostgresScan(NpgsqlConnection connection, bool withPayload) => (this.connection, this.withPayload) = (connection, withPayload);

    /// <summary>Begins a walk; the connection is the walk's from here on.</summary>
    public static async Task<PostgresScan> BeginAsync(
        NpgsqlConnection connection, string journal, bool withPayload, long upTo, CancellationToken cancellation)
    {
        var scan = new PostgresScan(connection, withPayload);
        try
        {
            await scan.DeclareAsync(journal, upTo, cancellation);
            return scan;
        }
        catch
        {
            await scan.DisposeAsync();
            throw;
        }
    }

    /// <summary>The next live objects: the newest revision of each key, unless that is a deletion. None at the end.</summary>
    public async Task<List<JournalRecord>> NextLiveAsync(CancellationToken cancellation)
    {
        var portion = new List<JournalRecord>();
        var bytes = 0;
        while (portion.Count < PortionRows && bytes < PortionBytes && await NextAsync(cancellation) is { } row)
        {
            if (seen.Add(row.GetString(1)) && !row.GetBoolean(3))
            {
                var record = row.ReadRecord(first: 0, withPayload);
                bytes += record.Payload.Length;
                portion.Add(record);
            }
        }

        return portion;
    }

    /// <summary>Tells all revisions.</summary>
    public async Task TellAsync(SupersededRevisions superseded, CancellationToken cancellation)
    {
        while (await NextAsync(cancellation) is { } row)
        {
            superseded.Observe(row.GetString(1), row.GetInt64(0), row.GetBoolean(3));
        }
    }

    public async ValueTask DisposeAsync()
    {
        await CloseRowsAsync();
        if (fetch is not null)
        {
            await fetch.DisposeAsync();
        }

        if (transaction is not null)
        {
            await transaction.DisposeAsync();
        }

        await connection.DisposeAsync();
    }

    private async Task DeclareAsync(string journal, long upTo, CancellationToken cancellation)
    {
        transaction = await connection.BeginTransactionAsync(cancellation);
        // A statement that was prepared keeps its columns: what fetches keys must not have the text of what fetches objects.
        var cursor = withPayload ? "walk_of_objects" : "walk_of_keys";
        await using var declare = new NpgsqlCommand(
            $"""
            DECLARE {cursor} NO SCROLL CURSOR FOR
            SELECT revision, key, uid, deleted, commit_id{(withPayload ? ", payload" : "")} FROM journal_revisions
            WHERE journal = $1 AND revision <= $2 ORDER BY revision DESC
            """,
            connection)
        {
            Parameters = { new NpgsqlParameter<string> { TypedValue = journal }, new NpgsqlParameter<long> { TypedValue = upTo } },
        };
        await declare.ExecuteNonQueryAsync(cancellation);
        fetch = new NpgsqlCommand($"FETCH {PortionRows} FROM {cursor}", connection);
        fetched = PortionRows;
    }

    // Null at the end, which shows in a portion that isn't full.
    private async Task<NpgsqlDataReader?> NextAsync(CancellationToken cancellation)
    {
        while (true)
        {
            if (rows is not null && await rows.ReadAsync(cancellation))
            {
                fetched++;
                return rows;
            }

            await CloseRowsAsync();
            if (fetched < PortionRows)
            {
                return null;
            }

            (rows, fetched) = (await fetch!.ExecuteReaderAsync(cancellation), 0);
        }
    }

    private async Task CloseRowsAsync()
    {
        if (rows is not null)
        {
            await rows.DisposeAsync();
            rows = null;
        }
    }
}
