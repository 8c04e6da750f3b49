using Microsoft.Data.Sqlite;
using SQLitePCL;

namespace Orleans.StatefulSets.Storage;

/// <summary>Statements on a connection that one thread uses.</summary>
internal static class Statements
{
    public static void Execute(this SqliteConnection connection, string sql) => connection.Change(sql);

    /// <returns>How many rows were changed.</returns>
    public static int Change(this SqliteConnection connection, string sql)
    {
        using var command = connection.CreateCommand();
        command.CommandText = sql;
        return command.ExecuteNonQuery();
    }

    public static long ReadNumber(this SqliteConnection connection, string sql)
    {
        using var command = connection.CreateCommand();
        command.CommandText = sql;
        return Convert.ToInt64(command.ExecuteScalar(), System.Globalization.CultureInfo.InvariantCulture);
    }

    public static SqliteCommand Prepare(this SqliteConnection connection, string sql, params ReadOnlySpan<string> parameters)
    {
        var command = connection.CreateCommand();
        command.CommandText = sql;
        foreach (var parameter in parameters)
        {
            command.Parameters.Add(new SqliteParameter { ParameterName = parameter, Value = DBNull.Value });
        }

        command.Prepare();
        return command;
    }

    /// <summary>Undoes what was begun, unless SQLite has done so itself (it does on a full disk).</summary>
    public static void RollBack(this SqliteConnection connection)
    {
        if (raw.sqlite3_get_autocommit(connection.Handle) == 0)
        {
            connection.Execute("ROLLBACK");
        }
    }

    /// <summary>A record from columns revision, key, uid, kind, commit_id and, where they were asked for, payload.</summary>
    public static JournalRecord ReadRecord(this SqliteDataReader reader, bool withPayload) => new()
    {
        Revision = reader.GetInt64(0),
        Key = reader.GetString(1),
        Uid = reader.GetString(2),
        Deleted = reader.GetInt32(3) == JournalSchema.Delete,
        CommitId = new Guid(reader.GetFieldValue<byte[]>(4)),
        Payload = withPayload ? reader.GetFieldValue<byte[]>(5) : ReadOnlyMemory<byte>.Empty,
    };
}
