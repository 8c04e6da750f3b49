using System.Net;
using System.Net.Sockets;
using Npgsql;
using Orleans.StatefulSets.Cli.Postgres;

namespace Orleans.StatefulSets.Storage.Tests.Postgres;

/// <summary>
/// A PostgreSQL server of the test's own, from the binaries that are installed, in a temporary folder and on a free port of loopback. It
/// doesn't wait for the disk: its machine isn't going to lose power.
/// </summary>
internal sealed class PostgresServer : IAsyncDisposable
{
    public const string Password = "open-sesame";

    private const string User = "cluster";
    private readonly DirectoryInfo folder;
    private int databases;

    private PostgresServer(DirectoryInfo folder, int port) => (this.folder, Port) = (folder, port);

    public int Port { get; }

    /// <summary>Whether initdb and pg_ctl are on this machine.</summary>
    public static bool IsInstalled => PostgresPrograms.Folder is not null;

    private string Data => Path.Combine(folder.FullName, "data");

    private string Log => Path.Combine(folder.FullName, "log");

    public static async Task<PostgresServer> StartAsync()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        var server = new PostgresServer(Directory.CreateTempSubdirectory("postgres-"), ((IPEndPoint)listener.LocalEndpoint).Port);
        listener.Stop();
        try
        {
            await server.InitializeAsync();
            await server.StartAgainAsync();
            return server;
        }
        catch
        {
            await server.DisposeAsync();
            throw;
        }
    }

    /// <summary>Makes a new, empty database.</summary>
    /// <returns>Its connection string.</returns>
    public async Task<string> CreateDatabaseAsync()
    {
        var name = $"test_{Interlocked.Increment(ref databases)}";
        await ExecuteAsync(ConnectionString("postgres"), $"CREATE DATABASE {name}");
        return ConnectionString(name);
    }

    public string ConnectionString(string database, string password = Password) =>
        $"Host=127.0.0.1;Port={Port};Username={User};Password={password};Database={database};Include Error Detail=true";

    /// <summary>Runs a statement as whoever else uses the database.</summary>
    public static async Task<object?> ExecuteAsync(string connectionString, string sql)
    {
        await using var connection = new NpgsqlConnection(connectionString + ";Pooling=false");
        await connection.OpenAsync();
        await using var command = new NpgsqlCommand(sql, connection);
        return await command.ExecuteScalarAsync();
    }

    /// <summary>Starts the server that was stopped.</summary>
    public Task StartAgainAsync() => PostgresPrograms.RunAsync(
        "pg_ctl", "start", "--wait", "--silent", "--pgdata", Data, "--log", Log, "--options",
        $"-p {Port} -k '{folder.FullName}' -c listen_addresses=127.0.0.1 -c fsync=off -c full_page_writes=off -c max_connections=100");

    /// <summary>Ends the server at once, as a crash would: what was committed is recovered at the next start.</summary>
    public Task CrashAsync() => PostgresPrograms.RunAsync("pg_ctl", "stop", "--wait", "--silent", "--mode=immediate", "--pgdata", Data);

    /// <summary>A crash, and a start as soon as that is over.</summary>
    public Task RestartAsync() => PostgresPrograms.RunAsync("pg_ctl", "restart", "--wait", "--silent", "--mode=immediate", "--pgdata", Data, "--log", Log);

    public async ValueTask DisposeAsync()
    {
        // pg_ctl ends the process whose id stands in this file.
        if (File.Exists(Path.Combine(Data, "postmaster.pid")))
        {
            await CrashAsync();
        }

        folder.Delete(recursive: true);
    }

    private async Task InitializeAsync()
    {
        var passwordFile = Path.Combine(folder.FullName, "password");
        await File.WriteAllTextAsync(passwordFile, Password);
        await PostgresPrograms.GiveAsync(folder);
        await PostgresPrograms.RunAsync(
            "initdb", "--pgdata", Data, "--username", User, "--pwfile", passwordFile, "--auth=scram-sha-256", "--encoding=UTF8", "--locale=C", "--no-sync");
    }
}
