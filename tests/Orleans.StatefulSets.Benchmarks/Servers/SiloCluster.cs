using Orleans.StatefulSets.Benchmarks.Cluster;
using Orleans.StatefulSets.Storage.Tests.Postgres;

namespace Orleans.StatefulSets.Benchmarks.Servers;

/// <summary>Silos on one PostgreSQL, each in a process of its own.</summary>
internal sealed class SiloCluster : IAsyncDisposable
{
    private readonly PostgresServer postgres;
    private readonly Trial trial;
    private readonly int pods;
    private readonly List<TemporaryFolder> folders = [];
    private readonly List<ServerProcess> silos = [];

    private SiloCluster(PostgresServer postgres, Trial trial, int pods) => (this.postgres, this.trial, this.pods) = (postgres, trial, pods);

    public IReadOnlyList<ServerProcess> Silos => silos;

    /// <summary>Of all silos; the database's is not counted.</summary>
    public TimeSpan Cpu => silos.Aggregate(TimeSpan.Zero, (sum, silo) => sum + silo.Cpu);

    public static async Task<SiloCluster> StartAsync(Trial trial, int silos, int pods, CancellationToken cancellationToken)
    {
        if (!PostgresServer.IsInstalled)
        {
            throw new BenchmarkException("PostgreSQL's server programs (initdb, pg_ctl) are missing");
        }

        var postgres = await PostgresServer.StartAsync();
        var cluster = new SiloCluster(postgres, trial with { ConnectionString = await postgres.CreateDatabaseAsync() }, pods);
        try
        {
            for (var silo = 0; silo < silos; silo++)
            {
                cluster.silos.Add(await cluster.StartAsync(cancellationToken));
            }

            return cluster;
        }
        catch
        {
            await cluster.DisposeAsync();
            throw;
        }
    }

    /// <summary>One more silo joins.</summary>
    public async Task AddAsync(CancellationToken cancellationToken) => silos.Add(await StartAsync(cancellationToken));

    /// <summary>Puts a new process in the place of one that was killed.</summary>
    public async Task ReplaceAsync(int silo, CancellationToken cancellationToken) => silos[silo] = await StartAsync(cancellationToken);

    /// <summary>The active grains of each silo, by resource.</summary>
    public async Task<IReadOnlyList<IReadOnlyDictionary<string, int>>> CountGrainsAsync(CancellationToken cancellationToken)
    {
        var counts = new List<IReadOnlyDictionary<string, int>>();
        foreach (var silo in silos)
        {
            using var client = new ClusterClient(silo.Url);
            counts.Add(await client.CountGrainsAsync(cancellationToken));
        }

        return counts;
    }

    public async Task RestAsync(CancellationToken cancellationToken)
    {
        foreach (var silo in silos)
        {
            await silo.RestAsync(cancellationToken);
        }
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var silo in silos)
        {
            await silo.DisposeAsync();
        }

        await postgres.DisposeAsync();
        folders.ForEach(folder => folder.Dispose());
    }

    private Task<ServerProcess> StartAsync(CancellationToken cancellationToken)
    {
        var folder = new TemporaryFolder();
        folders.Add(folder);
        return ServerProcess.StartAsync(trial, folder.Path, pods, cancellationToken);
    }
}
