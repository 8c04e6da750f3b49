using Microsoft.Data.Sqlite;

namespace Orleans.StatefulSets.Storage;

/// <summary>The connection for short reads. Used by one thread; what is being written doesn't make it wait.</summary>
internal sealed class JournalReader : IDisposable
{
    private readonly SqliteConnection connection;
    private readonly SqliteCommand head;
    private readonly SqliteCommand changes;

    public JournalReader(SqliteConnection connection)
    {
        this.connection = connection;
        head = connection.Prepare("SELECT epoch, revision, compacted FROM head");
        changes = connection.Prepare(
            "SELECT revision, key, uid, kind, commit_id, payload FROM revisions WHERE revision > $after ORDER BY revision", "$after");
    }

    public JournalHead ReadHead() => ReadHeadRow().Head;

    public IReadOnlyList<JournalRecord>? ReadChanges(long after, int maxBytes)
    {
        // One transaction: else a trim between the two reads could leave a hole that nobody notices.
        connection.Execute("BEGIN");
        try
        {
            return after < ReadHeadRow().Compacted ? null : ReadRecords(after, maxBytes);
        }
        finally
        {
            connection.RollBack();
        }
    }

    public void Dispose()
    {
        head.Dispose();
        changes.Dispose();
        connection.Dispose();
    }

    private List<JournalRecord> ReadRecords(long after, int maxBytes)
    {
        var found = new List<JournalRecord>();
        long bytes = 0;
        changes.Parameters[0].Value = after;
        using var reader = changes.ExecuteReader();
        while (reader.Read())
        {
            var record = reader.ReadRecord(withPayload: true);
            bytes += record.Payload.Length;
            if (found.Count > 0 && bytes > maxBytes)
            {
                break;
            }

            found.Add(record);
        }

        return found;
    }

    private (JournalHead Head, long Compacted) ReadHeadRow()
    {
        using var reader = head.ExecuteReader();
        reader.Read();
        return (new JournalHead(reader.GetInt64(0), reader.GetInt64(1)), reader.GetInt64(2));
    }
}
