using Npgsql;

namespace Orleans.StatefulSets.Storage;

/// <summary>A connection string that was understood.</summary>
public sealed class PostgresAddress
{
    private const string SilentPeers =
        "-c tcp_keepalives_idle=5 -c tcp_keepalives_interval=2 -c tcp_keepalives_count=3 -c idle_in_transaction_session_timeout=60000";

    private readonly NpgsqlConnectionStringBuilder builder;

    private PostgresAddress(NpgsqlConnectionStringBuilder builder) => this.builder = builder;

    /// <summary>The server and the database, without the user and the password: <c>PostgreSQL at localhost:5432/cluster</c>.</summary>
    public string Name => $"PostgreSQL at {builder.Host}:{builder.Port}/{builder.Database ?? builder.Username}";

    /// <summary>The connection string as Npgsql takes it.</summary>
    public string ConnectionString => builder.ConnectionString;

    /// <summary>Reads a connection string in Npgsql's form.</summary>
    /// <exception cref="JournalStorageException">It isn't one. What stands in it isn't repeated: there may be a password.</exception>
    public static PostgresAddress Parse(string connectionString)
    {
        try
        {
            var builder = new NpgsqlConnectionStringBuilder(connectionString);
            return !string.IsNullOrEmpty(builder.Host) ? new PostgresAddress(builder) : throw Refusal(null);
        }
        catch (Exception failure) when (failure is ArgumentException or FormatException or InvalidCastException or OverflowException)
        {
            throw Refusal(failure);
        }
    }

    /// <summary>
    /// Bounds what a program may ask of the server, and how long the server keeps the locks of one that fell silent: a silo that lost its
    /// power in the middle of a batch must not hold the head row against the next. Statements are prepared when they come a second time.
    /// </summary>
    internal void Limit(TimeSpan timeout, int connections)
    {
        var seconds = Math.Max(1, (int)Math.Ceiling(timeout.TotalSeconds));
        (builder.Timeout, builder.CommandTimeout, builder.CancellationTimeout) = (seconds, seconds, 1000);
        (builder.Pooling, builder.MinPoolSize, builder.MaxPoolSize, builder.MaxAutoPrepare, builder.AutoPrepareMinUsages) = (true, 0, connections, 20, 2);
        (builder.NoResetOnClose, builder.Multiplexing, builder.Enlist) = (true, false, false);
        builder.Options = $"{SilentPeers} {builder.Options}".TrimEnd();
        builder.ApplicationName ??= "Orleans.StatefulSets";
    }

    private static JournalStorageException Refusal(Exception? cause) => new(
        JournalStorageProblem.Unavailable, "that is not a connection string such as Host=localhost;Username=me;Password=…;Database=cluster", cause);
}
