using Microsoft.Data.Sqlite;

namespace Orleans.StatefulSets.Storage;

/// <summary>Says in one line what SQLite's error codes mean (sqlite.org/rescode.html).</summary>
internal static class SqliteProblem
{
    private const int Perm = 3;
    private const int Busy = 5;
    private const int ReadOnly = 8;
    private const int Corrupt = 11;
    private const int Full = 13;
    private const int CantOpen = 14;
    private const int NotADatabase = 26;
    private const int SharedMemorySize = 4874;

    /// <param name="failure">What SQLite said.</param>
    /// <param name="file">Of which file.</param>
    /// <param name="what">What the file should be, <c>a journal</c>.</param>
    public static JournalStorageException Describe(SqliteException failure, string file, string what)
    {
        var (problem, message) = failure.SqliteErrorCode switch
        {
            Perm or ReadOnly => (JournalStorageProblem.ReadOnly, $"{file} can't be written"),
            Corrupt => (JournalStorageProblem.Corrupt, $"{file} is damaged; it was left as it is"),
            NotADatabase => (JournalStorageProblem.Corrupt, $"{file} is not {what} or is damaged; it was left as it is"),
            Full => (JournalStorageProblem.DiskFull, $"no space is left for {file}"),
            Busy => (JournalStorageProblem.Unavailable, $"{file} is held by another program"),
            CantOpen => (JournalStorageProblem.Unavailable, $"{file} can't be opened"),
            _ when failure.SqliteExtendedErrorCode == SharedMemorySize => (JournalStorageProblem.DiskFull, $"no space is left for {file}-shm"),
            _ => (JournalStorageProblem.Unavailable, $"{file}: {failure.Message}"),
        };
        return new JournalStorageException(problem, message, failure);
    }
}
