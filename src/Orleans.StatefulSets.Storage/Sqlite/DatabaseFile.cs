using System.Globalization;
using Microsoft.Data.Sqlite;

namespace Orleans.StatefulSets.Storage;

/// <summary>Opens connections to an SQLite file, and looks at what is in it before anything is written.</summary>
internal static class DatabaseFile
{
    /// <summary>The connection that writes: checks the file, and creates or upgrades its tables in one transaction.</summary>
    /// <exception cref="JournalStorageException">It is something else, is damaged, or is of a newer version; it was left as it is.</exception>
    public static SqliteConnection OpenWriter(DatabaseShape shape)
    {
        var connection = Connect(shape.File, SqliteOpenMode.ReadWriteCreate);
        try
        {
            var version = ReadVersion(connection, shape);
            connection.Execute($"PRAGMA page_size = {shape.PageSize}");
            connection.Execute(shape.Shrinks ? "PRAGMA auto_vacuum = INCREMENTAL" : "PRAGMA auto_vacuum = NONE");
            connection.Execute("PRAGMA journal_mode = WAL");
            connection.Execute(shape.SynchronousFull ? "PRAGMA synchronous = FULL" : "PRAGMA synchronous = NORMAL");
            connection.Execute("PRAGMA wal_autocheckpoint = 2000");
            connection.Execute("PRAGMA journal_size_limit = 67108864");
            if (shape.MaxFileBytes > 0)
            {
                connection.Execute($"PRAGMA max_page_count = {Math.Max(1, shape.MaxFileBytes / shape.PageSize)}");
            }

            Upgrade(connection, version, shape);
            return connection;
        }
        catch
        {
            connection.Dispose();
            throw;
        }
    }

    /// <summary>A connection that only reads; the file is there already.</summary>
    public static SqliteConnection OpenReader(string file)
    {
        var connection = Connect(file, SqliteOpenMode.ReadWrite);
        connection.Execute("PRAGMA query_only = 1");
        return connection;
    }

    private static SqliteConnection Connect(string file, SqliteOpenMode mode)
    {
        var connection = new SqliteConnection(new SqliteConnectionStringBuilder
        {
            DataSource = file,
            Mode = mode,
            Pooling = false,
            DefaultTimeout = 30,
        }.ConnectionString);
        connection.Open();
        return connection;
    }

    // The number is that of the last step that was taken; it stands in SQLite's header (user_version).
    private static int ReadVersion(SqliteConnection connection, DatabaseShape shape)
    {
        var version = (int)connection.ReadNumber("PRAGMA user_version");
        var applicationId = connection.ReadNumber("PRAGMA application_id");
        var isEmpty = connection.ReadNumber("SELECT count(*) FROM sqlite_schema") == 0;
        if (isEmpty && version == 0 && applicationId == 0)
        {
            return 0;
        }

        if (applicationId != shape.ApplicationId)
        {
            throw new JournalStorageException(JournalStorageProblem.Corrupt, $"{shape.File} is a database of another program; it was left as it is");
        }

        var newest = shape.Steps.Count;
        return version <= newest ? version : throw new JournalStorageException(
            JournalStorageProblem.NewerSchema,
            string.Create(CultureInfo.InvariantCulture, $"{shape.File} was written by a newer version of this program (its schema is {version}, this one knows {newest}); it was left as it is"));
    }

    // The header's fields are part of the transaction: whatever breaks off a step leaves the old tables under the old number.
    private static void Upgrade(SqliteConnection connection, int version, DatabaseShape shape)
    {
        if (version == shape.Steps.Count)
        {
            return;
        }

        using var transaction = connection.BeginTransaction();
        foreach (var step in shape.Steps.Skip(version))
        {
            connection.Execute(step);
        }

        connection.Execute($"PRAGMA application_id = {shape.ApplicationId}");
        connection.Execute($"PRAGMA user_version = {shape.Steps.Count}");
        transaction.Commit();
    }
}
