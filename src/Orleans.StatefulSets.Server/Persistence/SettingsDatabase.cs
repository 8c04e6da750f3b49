using System.Data.Common;
using Microsoft.Data.Sqlite;
using Orleans.StatefulSets.Server.Startup;

namespace Orleans.StatefulSets.Server.Persistence;

/// <summary>
/// The small database of the cluster's settings, read and written by Microsoft.Orleans.Persistence.AdoNet. The provider brings no SQLite
/// scripts, so the tables and queries that it looks for are made here, by what it documents of them.
/// </summary>
internal static class SettingsDatabase
{
    /// <summary>The name under which the provider knows SQLite; it has none of its own for Microsoft.Data.Sqlite.</summary>
    public const string Invariant = "System.Data.SQLite";

    /// <summary>The name under which the provider knows PostgreSQL; what it looks for there is made by infra/postgres.</summary>
    public const string PostgresInvariant = "Npgsql";

    private const string FileName = "settings.db";
    private const int SchemaVersion = 1;

    private const string Schema = """
        CREATE TABLE IF NOT EXISTS OrleansQuery (
            QueryKey TEXT NOT NULL PRIMARY KEY,
            QueryText TEXT NOT NULL
        );
        CREATE TABLE IF NOT EXISTS OrleansStorage (
            GrainIdHash INTEGER NOT NULL,
            GrainIdN0 INTEGER NOT NULL,
            GrainIdN1 INTEGER NOT NULL,
            GrainTypeHash INTEGER NOT NULL,
            GrainTypeString TEXT NOT NULL,
            GrainIdExtensionString TEXT NOT NULL DEFAULT '',
            ServiceId TEXT NOT NULL,
            PayloadBinary BLOB NULL,
            ModifiedOn TEXT NOT NULL,
            Version INTEGER NOT NULL,
            PRIMARY KEY (GrainIdHash, GrainTypeHash, GrainIdN0, GrainIdN1, GrainTypeString, GrainIdExtensionString, ServiceId)
        );
        """;

    private const string Row = """
        GrainIdHash = @GrainIdHash AND GrainTypeHash = @GrainTypeHash AND GrainIdN0 = @GrainIdN0 AND GrainIdN1 = @GrainIdN1
        AND GrainTypeString = @GrainTypeString AND GrainIdExtensionString = COALESCE(@GrainIdExtensionString, '') AND ServiceId = @ServiceId
        """;

    private const string Read = $"SELECT PayloadBinary, Version FROM OrleansStorage WHERE {Row};";

    // Answers the new version, or the old one where the row was not as expected: the provider takes an unchanged version for a conflict.
    private const string Answer = $"""
        SELECT CASE WHEN changes() > 0 THEN (SELECT Version FROM OrleansStorage WHERE {Row}) ELSE @GrainStateVersion END AS NewGrainStateVersion;
        """;

    private const string Write = $"""
        INSERT INTO OrleansStorage (GrainIdHash, GrainIdN0, GrainIdN1, GrainTypeHash, GrainTypeString, GrainIdExtensionString, ServiceId, PayloadBinary, ModifiedOn, Version)
        SELECT @GrainIdHash, @GrainIdN0, @GrainIdN1, @GrainTypeHash, @GrainTypeString, COALESCE(@GrainIdExtensionString, ''), @ServiceId, @PayloadBinary, datetime('now'), 1
        WHERE @GrainStateVersion IS NULL OR EXISTS (SELECT 1 FROM OrleansStorage WHERE {Row})
        ON CONFLICT DO UPDATE SET PayloadBinary = excluded.PayloadBinary, ModifiedOn = excluded.ModifiedOn, Version = Version + 1
        WHERE Version = @GrainStateVersion;
        {Answer}
        """;

    private const string Clear = $"""
        UPDATE OrleansStorage SET PayloadBinary = NULL, ModifiedOn = datetime('now'), Version = Version + 1
        WHERE {Row} AND Version = @GrainStateVersion;
        {Answer}
        """;

    /// <summary>The connection string of DIR/settings.db. Without a pool, which after SQLITE_BUSY keeps handing out the broken connection.</summary>
    public static string ConnectionString(string dataDirectory) => new SqliteConnectionStringBuilder
    {
        DataSource = Path.Combine(Path.GetFullPath(dataDirectory), FileName),
        Pooling = false,
        DefaultTimeout = 30,
    }.ToString();

    /// <summary>Makes the tables and queries where they are missing; the queries are always those of this program.</summary>
    /// <exception cref="StartupException">The file is not such a database, or one of a newer program.</exception>
    public static void Prepare(string dataDirectory)
    {
        try
        {
            PrepareFile(dataDirectory);
        }
        catch (SqliteException failure)
        {
            throw new StartupException($"{Path.Combine(dataDirectory, FileName)} cannot be used: {failure.Message}");
        }
    }

    private static void PrepareFile(string dataDirectory)
    {
        DbProviderFactories.RegisterFactory(Invariant, SqliteFactory.Instance);
        using var connection = new SqliteConnection(ConnectionString(dataDirectory));
        connection.Open();
        if (Version(connection) is var version and > SchemaVersion)
        {
            throw new StartupException($"{Path.Combine(dataDirectory, FileName)} is of a newer version of this program (schema {version}; this one knows {SchemaVersion})");
        }

        Execute(connection, "PRAGMA journal_mode = WAL;");
        using var transaction = connection.BeginTransaction();
        Execute(connection, Schema);
        Execute(connection, $"PRAGMA user_version = {SchemaVersion};");
        foreach (var (key, text) in (IEnumerable<(string, string)>)[("ReadFromStorageKey", Read), ("WriteToStorageKey", Write), ("ClearStorageKey", Clear)])
        {
            using var command = connection.CreateCommand();
            command.CommandText = "INSERT INTO OrleansQuery VALUES (@key, @text) ON CONFLICT DO UPDATE SET QueryText = excluded.QueryText;";
            command.Parameters.AddWithValue("@key", key);
            command.Parameters.AddWithValue("@text", text);
            command.ExecuteNonQuery();
        }

        transaction.Commit();
    }

    private static long Version(SqliteConnection connection)
    {
        using var command = connection.CreateCommand();
        command.CommandText = "PRAGMA user_version;";
        return (long)command.ExecuteScalar()!;
    }

    private static void Execute(SqliteConnection connection, string text)
    {
        using var command = connection.CreateCommand();
        command.CommandText = text;
        command.ExecuteNonQuery();
    }
}
