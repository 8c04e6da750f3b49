using Microsoft.Data.Sqlite;

namespace Orleans.StatefulSets.Storage;

/// <summary>A walk over the whole log at one moment, newest first, in portions, on a connection of its own.</summary>
internal sealed class LogScan : IDisposable
{
    private const int PortionRows = 1000;
    private const int PortionBytes = 1 << 20;

    private readonly SqliteConnection connection;
    private readonly SqliteCommand command;
    private readonly SqliteDataReader reader;
    private readonly bool withPayload;
    private readonly HashSet<string> seen = new(StringComparer.Ordinal);

    public LogScan(SqliteConnection connection, bool withPayload, long upTo = long.MaxValue)
    {
        this.connection = connection;
        this.withPayload = withPayload;
        command = connection.Prepare(
            $"SELECT revision, key, uid, kind, commit_id{(withPayload ? ", payload" : "")} FROM revisions WHERE revision <= $upTo ORDER BY revision DESC",
            "$upTo");
        command.Parameters[0].Value = upTo;
        reader = command.ExecuteReader();
    }

    /// <summary>The next live objects: the newest revision of each key, unless that is a deletion. None at the end.</summary>
    public List<JournalRecord> NextLive()
    {
        var portion = new List<JournalRecord>();
        var bytes = 0;
        while (portion.Count < PortionRows && bytes < PortionBytes && reader.Read())
        {
            if (seen.Add(reader.GetString(1)) && reader.GetInt32(3) == JournalSchema.Put)
            {
                var record = reader.ReadRecord(withPayload);
                bytes += record.Payload.Length;
                portion.Add(record);
            }
        }

        return portion;
    }

    /// <summary>Tells the next revisions; false at the end.</summary>
    public bool Tell(SupersededRevisions superseded)
    {
        for (var rows = 0; rows < PortionRows; rows++)
        {
            if (!reader.Read())
            {
                return false;
            }

            superseded.Observe(reader.GetString(1), reader.GetInt64(0), reader.GetInt32(3) == JournalSchema.Delete);
        }

        return true;
    }

    public void Dispose()
    {
        reader.Dispose();
        command.Dispose();
        connection.Dispose();
    }
}
