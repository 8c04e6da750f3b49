using System.Globalization;
using Microsoft.Data.Sqlite;

namespace Orleans.StatefulSets.Storage;

/// <summary>Opens connections to a journal's file, and looks at what is in it before anything is written.</summary>
internal static class JournalFile
{
    /// <summary>The connection that writes: checks the file, and creates or upgrades its tables in one transaction.</summary>
    /// <exception cref="JournalStorageException">It isn't a journal, is damaged, or is of a newer version; it was left as it is.</exception>
    public static SqliteConnection OpenWriter(SqliteJournalOptions options)
    {
        var connection = Connect(options.File, SqliteOpenMode.ReadWriteCreate);
        try
        {
            var version = ReadVersion(connection, options);
            connection.Execute($"PRAGMA page_size = {JournalSchema.PageSize}");
            connection.Execute("PRAGMA journal_mode = WAL");
            connection.Execute(options.SynchronousFull ? "PRAGMA synchronous = FULL" : "PRAGMA synchronous = NORMAL");
            connection.Execute("PRAGMA wal_autocheckpoint = 2000");
            connection.Execute("PRAGMA journal_size_limit = 67108864");
            if (options.MaxFileBytes > 0)
            {
                connection.Execute($"PRAGMA max_page_count = {Math.Max(1, options.MaxFileBytes / JournalSchema.PageSize)}");
            }

            Upgrade(connection, version, options.SchemaSteps);
            CheckHead(connection, options.File);
            return connection;
        }
        catch
        {
            connection.Dispose();
            throw;
        }
    }

    /// <summary>A connection that only reads; the file is there already.</summary>
    public static SqliteConnection OpenReader(SqliteJournalOptions options)
    {
        var connection = Connect(options.File, SqliteOpenMode.ReadWrite);
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
    private static int ReadVersion(SqliteConnection connection, SqliteJournalOptions options)
    {
        var version = (int)connection.ReadNumber("PRAGMA user_version");
        var applicationId = connection.ReadNumber("PRAGMA application_id");
        var isEmpty = connection.ReadNumber("SELECT count(*) FROM sqlite_schema") == 0;
        if (isEmpty && version == 0 && applicationId == 0)
        {
            return 0;
        }

        if (applicationId != JournalSchema.ApplicationId)
        {
            throw new JournalStorageException(JournalStorageProblem.Corrupt, $"{options.File} is a database of another program; it was left as it is");
        }

        var newest = options.SchemaSteps.Count;
        return version <= newest ? version : throw new JournalStorageException(
            JournalStorageProblem.NewerSchema,
            string.Create(CultureInfo.InvariantCulture, $"{options.File} was written by a newer version of this program (its schema is {version}, this one knows {newest}); it was left as it is"));
    }

    // The header's fields are part of the transaction: whatever breaks off a step leaves the old tables under the old number.
    private static void Upgrade(SqliteConnection connection, int version, IReadOnlyList<string> steps)
    {
        if (version == steps.Count)
        {
            return;
        }

        using var transaction = connection.BeginTransaction();
        foreach (var step in steps.Skip(version))
        {
            connection.Execute(step);
        }

        connection.Execute($"PRAGMA application_id = {JournalSchema.ApplicationId}");
        connection.Execute($"PRAGMA user_version = {steps.Count}");
        transaction.Commit();
    }

    // A whole check of a large file takes minutes. SQLite itself compares the header with the length; beyond that the two ends
    // that a torn copy breaks are looked at: the head row and the end of the log.
    private static void CheckHead(SqliteConnection connection, string file)
    {
        var heads = connection.ReadNumber("SELECT count(*) FROM head");
        var overrun = connection.ReadNumber("SELECT count(*) FROM revisions WHERE revision > (SELECT revision FROM head)");
        connection.ReadNumber("SELECT count(payload) FROM (SELECT payload FROM revisions ORDER BY revision DESC LIMIT 1)");
        if (heads != 1 || overrun != 0)
        {
            throw new JournalStorageException(JournalStorageProblem.Corrupt, $"{file} is damaged: its head and its log disagree; it was left as it is");
        }
    }
}
