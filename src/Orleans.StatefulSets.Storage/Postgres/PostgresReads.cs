using Npgsql;

namespace Orleans.StatefulSets.Storage;

/// <summary>The short questions to a journal, and the takeover.</summary>
internal static class PostgresReads
{
    // How many rows are measured for one read: about as many as the reader asked bytes for, since an object takes two kilobytes or more.
    // Where they are tiny the answer is a smaller portion, and the next read goes on.
    private const int TypicalBytes = 2048;
    private const int LeastRows = 16;
    private const int MostRows = 10_000;

    private const string Head = "SELECT epoch, revision FROM journal_heads WHERE journal = $1";

    private const string Acquire = """
        INSERT INTO journal_heads (journal, epoch, revision, compacted) VALUES ($1, 1, 0, 0)
        ON CONFLICT (journal) DO UPDATE SET epoch = journal_heads.epoch + 1
        RETURNING epoch, revision, EXISTS (SELECT 1 FROM journal_revisions r WHERE r.journal = $1 AND r.revision > journal_heads.revision)
        """;

    // One statement sees one moment: else a trim between two could leave a hole that nobody notices. Only lengths are summed up, so that
    // the server sorts and keeps no payload.
    private const string Changes = """
        SELECT h.compacted, c.revision, c.key, c.uid, c.deleted, c.commit_id, c.payload
        FROM journal_heads h LEFT JOIN journal_revisions c ON h.compacted <= $2 AND c.journal = $1 AND c.revision > $2 AND c.revision <= (
            SELECT max(revision) FROM (
                SELECT revision, sum(length) OVER so_far AS bytes, row_number() OVER so_far AS place
                FROM (SELECT revision, octet_length(payload) AS length FROM journal_revisions
                    WHERE journal = $1 AND revision > $2 ORDER BY revision LIMIT $4) lengths
                WINDOW so_far AS (ORDER BY revision ROWS UNBOUNDED PRECEDING)) measured
            WHERE bytes <= $3 OR place = 1)
        WHERE h.journal = $1
        """;

    public static async Task<JournalHead> ReadHeadAsync(NpgsqlConnection connection, string journal, CancellationToken cancellation)
    {
        await using var command = new NpgsqlCommand(Head, connection) { Parameters = { new NpgsqlParameter<string> { TypedValue = journal } } };
        await using var reader = await command.ExecuteReaderAsync(cancellation);
        return await reader.ReadAsync(cancellation) ? new JournalHead(reader.GetInt64(0), reader.GetInt64(1)) : default;
    }

    /// <summary>The new head, and whether the log runs beyond it.</summary>
    public static async Task<(JournalHead Head, bool Overrun)> AcquireAsync(NpgsqlConnection connection, string journal, CancellationToken cancellation)
    {
        await using var command = new NpgsqlCommand(Acquire, connection) { Parameters = { new NpgsqlParameter<string> { TypedValue = journal } } };
        await using var reader = await command.ExecuteReaderAsync(cancellation);
        await reader.ReadAsync(cancellation);
        return (new JournalHead(reader.GetInt64(0), reader.GetInt64(1)), reader.GetBoolean(2));
    }

    public static async Task<IReadOnlyList<JournalRecord>?> ReadChangesAsync(
        NpgsqlConnection connection, string journal, long after, int maxBytes, CancellationToken cancellation)
    {
        await using var command = new NpgsqlCommand(Changes, connection)
        {
            Parameters =
            {
                new NpgsqlParameter<string> { TypedValue = journal },
                new NpgsqlParameter<long> { TypedValue = after },
                new NpgsqlParameter<long> { TypedValue = maxBytes },
                new NpgsqlParameter<long> { TypedValue = Math.Clamp(maxBytes / TypicalBytes, LeastRows, MostRows) },
            },
        };
        await using var reader = await command.ExecuteReaderAsync(cancellation);
        var found = new List<JournalRecord>();
        while (await reader.ReadAsync(cancellation))
        {
            if (reader.GetInt64(0) > after)
            {
                return null;
            }

            if (!await reader.IsDBNullAsync(1, cancellation))
            {
                found.Add(reader.ReadRecord(first: 1, withPayload: true));
            }
        }

        // They come in the index's order, which nothing promises.
        found.Sort((one, other) => one.Revision.CompareTo(other.Revision));
        return found;
    }

    /// <summary>A record from columns revision, key, uid, deleted, commit_id and, where they were asked for, payload.</summary>
    public static JournalRecord ReadRecord(this NpgsqlDataReader reader, int first, bool withPayload) => new()
    {
        Revision = reader.GetInt64(first),
        Key = reader.GetString(first + 1),
        Uid = reader.GetString(first + 2),
        Deleted = reader.GetBoolean(first + 3),
        CommitId = reader.GetGuid(first + 4),
        Payload = withPayload ? reader.GetFieldValue<byte[]>(first + 5) : ReadOnlyMemory<byte>.Empty,
    };
}
