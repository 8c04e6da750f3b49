using System.Runtime.InteropServices;
using Microsoft.Data.Sqlite;

namespace Orleans.StatefulSets.Storage;

/// <summary>The one connection that writes a journal's file, with its statements prepared. Used by one thread.</summary>
internal sealed class JournalWriter : IDisposable
{
    private readonly SqliteConnection connection;
    private readonly SqliteCommand begin;
    private readonly SqliteCommand commit;
    private readonly SqliteCommand advance;
    private readonly SqliteCommand insert;
    private readonly SqliteCommand compact;
    private readonly SqliteCommand delete;

    public JournalWriter(SqliteConnection connection)
    {
        this.connection = connection;
        begin = connection.Prepare("BEGIN IMMEDIATE");
        commit = connection.Prepare("COMMIT");
        advance = connection.Prepare(
            "UPDATE head SET revision = $new WHERE epoch = $epoch AND revision = $expected", "$new", "$epoch", "$expected");
        insert = connection.Prepare(
            "INSERT INTO revisions VALUES ($revision, $key, $uid, $kind, $commit, $payload)",
            "$revision", "$key", "$uid", "$kind", "$commit", "$payload");
        compact = connection.Prepare("UPDATE head SET compacted = max(compacted, min(revision, $upTo)) RETURNING compacted", "$upTo");
        delete = connection.Prepare("DELETE FROM revisions WHERE revision = $revision", "$revision");
    }

    public long ReadRevision() => connection.ReadNumber("SELECT revision FROM head");

    public JournalHead Acquire() => Transact(() =>
    {
        using var command = connection.CreateCommand();
        command.CommandText = "UPDATE head SET epoch = epoch + 1 RETURNING epoch, revision";
        using var reader = command.ExecuteReader();
        reader.Read();
        return new JournalHead(reader.GetInt64(0), reader.GetInt64(1));
    });

    /// <summary>Advances the head and adds the records, or, where the head isn't the expected one, does nothing.</summary>
    public AppendOutcome Append(JournalHead expected, long newHead, IReadOnlyList<JournalRecord> records) => Transact(() =>
    {
        advance.Parameters[0].Value = newHead;
        advance.Parameters[1].Value = expected.Epoch;
        advance.Parameters[2].Value = expected.Revision;
        if (advance.ExecuteNonQuery() == 0)
        {
            return AppendOutcome.Fenced;
        }

        foreach (var record in records)
        {
            Insert(record);
        }

        return AppendOutcome.Appended;
    });

    /// <summary>Remembers where the log now begins, at most at the head.</summary>
    public long Compact(long upTo) => Transact(() =>
    {
        compact.Parameters[0].Value = upTo;
        return (long)compact.ExecuteScalar()!;
    });

    public int Delete(IReadOnlyList<long> revisions) => Transact(() =>
    {
        var rows = 0;
        foreach (var revision in revisions)
        {
            delete.Parameters[0].Value = revision;
            rows += delete.ExecuteNonQuery();
        }

        return rows;
    });

    public void Dispose()
    {
        foreach (var command in new[] { begin, commit, advance, insert, compact, delete })
        {
            command.Dispose();
        }

        connection.Dispose();
    }

    private void Insert(JournalRecord record)
    {
        insert.Parameters[0].Value = record.Revision;
        insert.Parameters[1].Value = record.Key;
        insert.Parameters[2].Value = record.Uid;
        insert.Parameters[3].Value = record.Deleted ? JournalSchema.Delete : JournalSchema.Put;
        insert.Parameters[4].Value = record.CommitId.ToByteArray();
        insert.Parameters[5].Value = BytesOf(record.Payload);
        insert.ExecuteNonQuery();
    }

    private T Transact<T>(Func<T> work)
    {
        begin.ExecuteNonQuery();
        try
        {
            var result = work();
            commit.ExecuteNonQuery();
            return result;
        }
        catch
        {
            connection.RollBack();
            throw;
        }
    }

    // Payloads are mostly whole arrays: those need no copy.
    private static byte[] BytesOf(ReadOnlyMemory<byte> payload) =>
        MemoryMarshal.TryGetArray(payload, out var segment) && segment.Offset == 0 && segment.Count == segment.Array!.Length
            ? segment.Array
            : payload.ToArray();
}
