using Npgsql;
using NpgsqlTypes;

namespace Orleans.StatefulSets.Storage;

/// <summary>
/// Writes one batch with the head row, or nothing where the head isn't the expected one. A small batch is one statement and so one round
/// trip; a large one is streamed in a transaction, four round trips that cost the server half as much a row.
/// </summary>
internal static class PostgresBatch
{
    private const int LargeBatchBytes = 1 << 20;

    private const string Advance =
        "UPDATE journal_heads SET revision = $2 WHERE journal = $1 AND epoch = $3 AND revision = $4 RETURNING 1";

    // A statement is a transaction of its own. Two who come at once wait for each other at the head row, and the second finds it changed.
    private const string Append = $"""
        WITH advanced AS ({Advance}), written AS (
            INSERT INTO journal_revisions (journal, revision, key, uid, deleted, commit_id, payload)
            SELECT $1, batch.* FROM advanced, unnest($5::bigint[], $6::text[], $7::text[], $8::boolean[], $9::uuid[], $10::bytea[]) AS batch)
        SELECT EXISTS (SELECT 1 FROM advanced)
        """;

    private const string Copy = "COPY journal_revisions (journal, revision, key, uid, deleted, commit_id, payload) FROM STDIN (FORMAT BINARY)";

    public static async Task<AppendOutcome> WriteAsync(
        NpgsqlConnection connection, string journal, JournalHead expected, long newHead, IReadOnlyList<JournalRecord> records)
    {
        var bytes = records.Sum(record => (long)record.Payload.Length);
        var advanced = bytes < LargeBatchBytes
            ? await WriteAtOnceAsync(connection, journal, expected, newHead, records)
            : await StreamAsync(connection, journal, expected, newHead, records);
        return advanced ? AppendOutcome.Appended : AppendOutcome.Fenced;
    }

    private static async Task<bool> WriteAtOnceAsync(
        NpgsqlConnection connection, string journal, JournalHead expected, long newHead, IReadOnlyList<JournalRecord> records)
    {
        await using var command = Conditional(Append, connection, journal, expected, newHead);
        command.Parameters.Add(Column(records, record => record.Revision));
        command.Parameters.Add(Column(records, record => record.Key));
        command.Parameters.Add(Column(records, record => record.Uid));
        command.Parameters.Add(Column(records, record => record.Deleted));
        command.Parameters.Add(Column(records, record => record.CommitId));
        command.Parameters.Add(Column(records, record => record.Payload, NpgsqlDbType.Array | NpgsqlDbType.Bytea));
        return (bool)(await command.ExecuteScalarAsync())!;
    }

    private static async Task<bool> StreamAsync(
        NpgsqlConnection connection, string journal, JournalHead expected, long newHead, IReadOnlyList<JournalRecord> records)
    {
        await using var transaction = await connection.BeginTransactionAsync();
        await using var advance = Conditional(Advance, connection, journal, expected, newHead);
        if (await advance.ExecuteScalarAsync() is null)
        {
            return false;
        }

        await CopyAsync(connection, journal, records);
        await transaction.CommitAsync();
        return true;
    }

    private static async Task CopyAsync(NpgsqlConnection connection, string journal, IReadOnlyList<JournalRecord> records)
    {
        await using var importer = await connection.BeginBinaryImportAsync(Copy);
        foreach (var record in records)
        {
            await importer.StartRowAsync();
            await importer.WriteAsync(journal, NpgsqlDbType.Text);
            await importer.WriteAsync(record.Revision, NpgsqlDbType.Bigint);
            await importer.WriteAsync(record.Key, NpgsqlDbType.Text);
            await importer.WriteAsync(record.Uid, NpgsqlDbType.Text);
            await importer.WriteAsync(record.Deleted, NpgsqlDbType.Boolean);
            await importer.WriteAsync(record.CommitId, NpgsqlDbType.Uuid);
            await importer.WriteAsync(record.Payload, NpgsqlDbType.Bytea);
        }

        await importer.CompleteAsync();
    }

    private static NpgsqlCommand Conditional(string sql, NpgsqlConnection connection, string journal, JournalHead expected, long newHead) => new(sql, connection)
    {
        Parameters =
        {
            new NpgsqlParameter<string> { TypedValue = journal },
            new NpgsqlParameter<long> { TypedValue = newHead },
            new NpgsqlParameter<long> { TypedValue = expected.Epoch },
            new NpgsqlParameter<long> { TypedValue = expected.Revision },
        },
    };

    private static NpgsqlParameter<T[]> Column<T>(IReadOnlyList<JournalRecord> records, Func<JournalRecord, T> value, NpgsqlDbType? type = null)
    {
        var column = new NpgsqlParameter<T[]> { TypedValue = [.. records.Select(value)] };
        if (type is { } known)
        {
            column.NpgsqlDbType = known;
        }

        return column;
    }
}
