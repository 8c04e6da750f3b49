using System.Net.Sockets;
using Npgsql;

namespace Orleans.StatefulSets.Storage;

/// <summary>Says in one line what PostgreSQL's error codes mean (Appendix A of its manual), and what Npgsql says of the way there.</summary>
internal static class PostgresProblem
{
    private const string ConnectionFailures = "08";
    private const string InvalidAuthorization = "28";
    private const string DataCorrupted = "XX001";
    private const string IndexCorrupted = "XX002";

    /// <summary>The problem in one line; the password isn't in it.</summary>
    /// <param name="failure">What Npgsql threw.</param>
    /// <param name="where">The server and database, <c>PostgreSQL at localhost:5432/cluster</c>.</param>
    public static JournalStorageException Describe(Exception failure, string where)
    {
        var (problem, message) = failure switch
        {
            PostgresException refusal => Describe(refusal, where),
            _ when IsTimeout(failure) => (JournalStorageProblem.Unavailable, $"{where} does not answer in time"),
            _ when failure.InnerException is SocketException socket => (JournalStorageProblem.Unavailable, $"{where} cannot be reached: {socket.Message}"),
            _ when failure.InnerException is IOException => (JournalStorageProblem.Unavailable, $"the connection to {where} broke"),
            _ => (JournalStorageProblem.Unavailable, $"{where}: {failure.Message}"),
        };
        return new JournalStorageException(problem, FirstLine(message), failure);
    }

    /// <summary>Whether the server is away or restarts, and the same call may succeed in a moment.</summary>
    public static bool IsAway(Exception failure) => failure switch
    {
        PostgresException refusal => IsRestart(refusal.SqlState) || refusal.SqlState.StartsWith(ConnectionFailures, StringComparison.Ordinal),
        NpgsqlException => !IsTimeout(failure) && failure.InnerException is SocketException or IOException,
        _ => false,
    };

    /// <summary>
    /// Whether a transaction may have been committed all the same. The server's own refusal of a statement has undone it; a session that
    /// the server ended, or a connection that broke, may have been past its commit.
    /// </summary>
    public static bool IsOutcomeUnknown(Exception failure) => failure is not PostgresException || IsAway(failure);

    /// <summary>Whether the server could not be asked, or has said that something is wrong.</summary>
    public static bool IsOfDatabase(Exception failure) => failure is NpgsqlException or SocketException or TimeoutException or IOException;

    private static (JournalStorageProblem Problem, string Message) Describe(PostgresException refusal, string where) => refusal.SqlState switch
    {
        PostgresErrorCodes.DiskFull => (JournalStorageProblem.DiskFull, $"no space is left for {where}"),
        PostgresErrorCodes.ReadOnlySqlTransaction => (JournalStorageProblem.ReadOnly, $"{where} can't be written: it is read-only"),
        PostgresErrorCodes.InsufficientPrivilege => (JournalStorageProblem.ReadOnly, $"{where} can't be used by this user: {refusal.MessageText}"),
        PostgresErrorCodes.InvalidCatalogName => (JournalStorageProblem.Unavailable, $"{where} cannot be opened: {refusal.MessageText}"),
        PostgresErrorCodes.InvalidSchemaName => (JournalStorageProblem.Unavailable, $"{where}: the schema that the search path names is missing"),
        PostgresErrorCodes.QueryCanceled => (JournalStorageProblem.Unavailable, $"{where} does not answer in time"),
        PostgresErrorCodes.UniqueViolation => (JournalStorageProblem.Corrupt, $"{where} is damaged: its head and its log disagree; it was left as it is"),
        DataCorrupted or IndexCorrupted => (JournalStorageProblem.Corrupt, $"{where} is damaged: {refusal.MessageText}"),
        var state when IsRestart(state) => (JournalStorageProblem.Unavailable, $"{where} is starting or stopping: {refusal.MessageText}"),
        var state when state.StartsWith(InvalidAuthorization, StringComparison.Ordinal) => (JournalStorageProblem.Unavailable, $"{where} refuses the user: {refusal.MessageText}"),
        _ => (JournalStorageProblem.Unavailable, $"{where}: {refusal.MessageText}"),
    };

    private static bool IsRestart(string state) =>
        state is PostgresErrorCodes.AdminShutdown or PostgresErrorCodes.CrashShutdown or PostgresErrorCodes.CannotConnectNow;

    private static bool IsTimeout(Exception failure) => failure is TimeoutException || failure.InnerException is TimeoutException;

    private static string FirstLine(string message) => message.ReplaceLineEndings("\n").Split('\n')[0];
}
