using Npgsql;
using Orleans.StatefulSets.Acceptance.Tests.Servers.Network;
using Orleans.StatefulSets.Storage.Tests.Postgres;

namespace Orleans.StatefulSets.Acceptance.Tests.Servers;

/// <summary>Several silos in processes of their own on one PostgreSQL, which is the test's own too.</summary>
internal sealed class SiloCluster : IAsyncDisposable
{
    private readonly string database;
    private readonly List<ServerProcess> servers = [];

    private SiloCluster(PostgresServer postgres, string database, bool behindProxies)
    {
        Postgres = postgres;
        Network = behindProxies ? new SiloNetwork(postgres, () => servers.ConvertAll(server => server.ProcessId)) : null;
        this.database = Network is null ? database : new NpgsqlConnectionStringBuilder(database) { Port = Network.DatabasePort }.ConnectionString;
    }

    public PostgresServer Postgres { get; }

    public IReadOnlyList<ServerProcess> Servers => servers;

    /// <summary>What is between the silos, where that is the test's.</summary>
    public SiloNetwork? Network { get; }

    /// <summary>Starts silos one after another, and waits until all are ready.</summary>
    public static Task<SiloCluster> StartAsync(int silos, params IReadOnlyList<string> options) => StartAsync(silos, behindProxies: false, options);

    /// <summary>The same, with a network between the silos, and before the database, that can be made worse.</summary>
    public static Task<SiloCluster> StartBehindProxiesAsync(int silos, params IReadOnlyList<string> options)
    {
        Requirement.Of(OperatingSystem.IsLinux(), "all of 127.0.0.0/8, and /proc/net/tcp");
        return StartAsync(silos, behindProxies: true, options);
    }

    private static async Task<SiloCluster> StartAsync(int silos, bool behindProxies, IReadOnlyList<string> options)
    {
        Requirement.Of(PostgresServer.IsInstalled, "PostgreSQL's server programs (initdb, pg_ctl)");
        var postgres = await PostgresServer.StartAsync();
        var cluster = new SiloCluster(postgres, await postgres.CreateDatabaseAsync(), behindProxies);
        try
        {
            for (var silo = 0; silo < silos; silo++)
            {
                await cluster.AddAsync(options);
            }

            return cluster;
        }
        catch
        {
            await cluster.DisposeAsync();
            throw;
        }
    }

    /// <summary>Starts one more process of the cluster.</summary>
    public async Task<ServerProcess> AddAsync(params IEnumerable<string> options)
    {
        var server = await ServerProcess.StartAsync(["--storage", "postgres", "--connection-string", database, .. Network?.Add() ?? [], .. options]);
        servers.Add(server);
        return server;
    }

    public string Describe() => string.Join("\n\n", servers.Select(server => server.Describe()));

    public async ValueTask DisposeAsync()
    {
        await Task.WhenAll(servers.Select(server => server.DisposeAsync().AsTask()));
        if (Network is not null)
        {
            await Network.DisposeAsync();
        }

        await Postgres.DisposeAsync();
    }
}
