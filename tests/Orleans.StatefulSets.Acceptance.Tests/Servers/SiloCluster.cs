using Orleans.StatefulSets.Storage.Tests.Postgres;

namespace Orleans.StatefulSets.Acceptance.Tests.Servers;

/// <summary>Several silos in processes of their own on one PostgreSQL, which is the test's own too.</summary>
internal sealed class SiloCluster : IAsyncDisposable
{
    private readonly string database;
    private readonly List<ServerProcess> servers = [];

    private SiloCluster(PostgresServer postgres, string database) => (Postgres, this.database) = (postgres, database);

    public PostgresServer Postgres { get; }

    public IReadOnlyList<ServerProcess> Servers => servers;

    /// <summary>Starts silos one after another, and waits until all are ready.</summary>
    public static async Task<SiloCluster> StartAsync(int silos, params IReadOnlyList<string> options)
    {
        Requirement.Of(PostgresServer.IsInstalled, "PostgreSQL's server programs (initdb, pg_ctl)");
        var postgres = await PostgresServer.StartAsync();
        var cluster = new SiloCluster(postgres, await postgres.CreateDatabaseAsync());
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
        var server = await ServerProcess.StartAsync(["--storage", "postgres", "--connection-string", database, .. options]);
        servers.Add(server);
        return server;
    }

    public string Describe() => string.Join("\n\n", servers.Select(server => server.Describe()));

    public async ValueTask DisposeAsync()
    {
        await Task.WhenAll(servers.Select(server => server.DisposeAsync().AsTask()));
        await Postgres.DisposeAsync();
    }
}
