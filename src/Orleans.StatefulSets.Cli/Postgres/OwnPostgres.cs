using System.Globalization;
using System.Security.Cryptography;
using Orleans.StatefulSets.Cli.CommandLine;
using Orleans.StatefulSets.Cli.Planning;
using Orleans.StatefulSets.Cli.Processes;
using Orleans.StatefulSets.Cli.State;

namespace Orleans.StatefulSets.Cli.Postgres;

/// <summary>
/// A PostgreSQL server of the cluster's own, from the binaries that are installed: on loopback only, in the cluster's folder, durable, with
/// a password that nobody needs to know.
/// </summary>
internal sealed class OwnPostgres
{
    private const string Name = "postgres";
    private const string User = "cluster";
    private const int FirstPort = 25_432;
    private const int PasswordDigits = 32;

    /// <summary>The most that the pool of one server process opens, and a few for people.</summary>
    private const int ConnectionsOfProcess = 100;
    private const int ConnectionsOfPeople = 20;

    private readonly ClusterFolder folder;
    private readonly ClusterRoster roster;
    private readonly TimeProvider time;
    private readonly string password;
    private readonly int port;
    private readonly int connections;
    private int starts;

    private OwnPostgres(ClusterFolder folder, ClusterRoster roster, TimeProvider time, string password, int port, int processes)
    {
        (this.folder, this.roster, this.time, this.password, this.port) = (folder, roster, time, password, port);
        connections = (processes * ConnectionsOfProcess) + ConnectionsOfPeople;
    }

    public string ConnectionString => string.Create(
        CultureInfo.InvariantCulture, $"Host=127.0.0.1;Port={port};Username={User};Password={password};Database=postgres");

    private Uri Url => new($"tcp://127.0.0.1:{port.ToString(CultureInfo.InvariantCulture)}");

    private string Data => Path.Combine(folder.Postgres, "data");

    private LogFile Log => new(Path.Combine(folder.Postgres, "log"));

    /// <summary>The server that runs on the data; null where none does.</summary>
    private ProcessIdentity? Identity
    {
        get
        {
            try
            {
                // Its first line is the id of the process.
                var first = File.ReadLines(Path.Combine(Data, "postmaster.pid")).FirstOrDefault();
                return int.TryParse(first, NumberStyles.None, CultureInfo.InvariantCulture, out var id) ? ProcessIdentity.Find(id) : null;
            }
            catch (IOException)
            {
                return null;
            }
        }
    }

    /// <summary>Makes the server's data where there is none yet, and starts it.</summary>
    /// <exception cref="CommandException">The programs are missing, or one of them refused.</exception>
    public static async Task<OwnPostgres> StartAsync(ClusterFolder folder, ClusterRoster roster, PortChoice ports, int processes, TimeProvider time)
    {
        if (PostgresPrograms.Folder is null)
        {
            throw new CommandException(
                "PostgreSQL's server programs (initdb, pg_ctl) are not installed: install them, or name a database with --connection-string");
        }

        var isNew = !File.Exists(folder.PostgresPassword);
        var password = isNew ? RandomNumberGenerator.GetHexString(PasswordDigits, lowercase: true) : await File.ReadAllTextAsync(folder.PostgresPassword);
        var postgres = new OwnPostgres(folder, roster, time, password, ports.Next(FirstPort), processes);
        if (isNew)
        {
            await postgres.InitializeAsync();

            // Last: what was begun and broken off is begun again.
            PrivateFile.Write(folder.PostgresPassword, password);
        }

        await postgres.LaunchAsync();
        return postgres;
    }

    /// <summary>Starts it again whenever it died.</summary>
    public async Task KeepAsync(CancellationToken stop)
    {
        var glance = TimeSpan.FromSeconds(0.5);
        var delay = new RestartDelay(time);
        while (true)
        {
            await Task.Delay(glance, time, stop);
            Log.KeepBounded();
            if (Identity is not null)
            {
                continue;
            }

            await Task.Delay(delay.Next(), time, stop);
            try
            {
                await LaunchAsync();
            }
            catch (Exception failure) when (failure is CommandException or IOException)
            {
                // It is tried again after a longer while; the servers say that they have no database.
            }
        }
    }

    private async Task LaunchAsync()
    {
        var since = Log.Length;
        try
        {
            // Over TCP only: the path of a socket may be no longer than some hundred letters.
            await PostgresPrograms.RunAsync(
                "pg_ctl", "start", "--wait", "--silent", "--pgdata", Data, "--log", Log.Path, "--options", string.Create(
                    CultureInfo.InvariantCulture,
                    $"-p {port} -c listen_addresses=127.0.0.1 -c unix_socket_directories='' -c max_connections={connections}"));
        }
        catch (InvalidOperationException failure)
        {
            throw new CommandException($"PostgreSQL did not start: {Log.LastLine(since) ?? failure.Message}", failure);
        }

        roster.Enter(new RunningProcess
        {
            Name = Name,
            Role = ProcessRole.Database,
            Url = Url,
            Identity = Identity,
            StartedAt = time.GetUtcNow(),
            Restarts = starts++,
        });
    }

    private async Task InitializeAsync()
    {
        if (Directory.Exists(folder.Postgres))
        {
            Directory.Delete(folder.Postgres, recursive: true);
        }

        var passwordFile = Path.Combine(Directory.CreateDirectory(folder.Postgres).FullName, "password");
        try
        {
            PrivateFile.Write(passwordFile, password);
            await PostgresPrograms.GiveAsync(new DirectoryInfo(folder.Postgres));
            await PostgresPrograms.RunAsync(
                "initdb", "--pgdata", Data, "--username", User, "--pwfile", passwordFile, "--auth=scram-sha-256", "--encoding=UTF8", "--locale=C");
        }
        catch (InvalidOperationException failure)
        {
            var account = Environment.IsPrivilegedProcess ? "; root's PostgreSQL runs as another account, which must reach the folder: choose another with --data" : "";
            throw new CommandException($"PostgreSQL can't be set up: {failure.Message}{account}", failure);
        }
        finally
        {
            File.Delete(passwordFile);
        }
    }
}
