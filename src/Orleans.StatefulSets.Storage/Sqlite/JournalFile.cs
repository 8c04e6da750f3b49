using Microsoft.Data.Sqlite;

namespace Orleans.StatefulSets.Storage;

/// <summary>Opens connections to a journal's file.</summary>
internal static class JournalFile
{
    /// <summary>The connection that writes: checks the file, and creates or upgrades its tables in one transaction.</summary>
    /// <exception cref="JournalStorageException">It isn't a journal, is damaged, or is of a newer version; it was left as it is.</exception>
    public static SqliteConnection OpenWriter(SqliteJournalOptions options)
    {
        var connection = DatabaseFile.OpenWriter(new DatabaseShape
        {
            File = options.File,
            ApplicationId = JournalSchema.ApplicationId,
            PageSize = JournalSchema.PageSize,
            Steps = options.SchemaSteps,
            SynchronousFull = options.SynchronousFull,
            MaxFileBytes = options.MaxFileBytes,
        });
        try
        {
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
    public static SqliteConnection OpenReader(SqliteJournalOptions options) => DatabaseFile.OpenReader(options.File);

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
