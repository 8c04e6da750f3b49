using System.Net;
using System.Net.Sockets;
using Orleans.Configuration;
using Orleans.Serialization;
using Orleans.StatefulSets.Server.Options;
using Orleans.StatefulSets.Server.Persistence;
using Orleans.StatefulSets.Server.Startup;

namespace Orleans.StatefulSets.Server.Composition;

/// <summary>
/// How silos and their clients find each other: alone on embedded storage, by the database where that is PostgreSQL. One database is one
/// cluster.
/// </summary>
internal static class Clustering
{
    private const string Cluster = "statefulsets";
    private const int MissedProbes = 3;
    private const int VotesForDeath = 2;

    // What a silo says of itself in the database; of one that said nothing three times as long nobody is asked for an answer who starts.
    private static readonly TimeSpan SignOfLife = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan Refresh = TimeSpan.FromSeconds(5);

    public static void UseClustering(this ISiloBuilder silo, ServerOptions options)
    {
        if (options.Storage != StorageKind.Postgres)
        {
            silo.UseLocalhostClustering(options.SiloPort, options.GatewayPort);
            return;
        }

        silo.Configure<ClusterOptions>(Name);
        silo.Services.Configure<ExceptionSerializationOptions>(SendCauses);
        silo.UseAdoNetClustering(table => (table.Invariant, table.ConnectionString) = (SettingsDatabase.PostgresInvariant, options.ConnectionString!));
        silo.Configure<ClusterMembershipOptions>(membership =>
        {
            membership.ProbeTimeout = options.ProbeTimeout;
            membership.NumMissedProbesLimit = MissedProbes;
            membership.NumVotesForDeathDeclaration = VotesForDeath;
            membership.IAmAliveTablePublishTimeout = SignOfLife;
            membership.TableRefreshTimeout = Refresh;
            membership.DefunctSiloExpiration = TimeSpan.FromHours(1);
            membership.DefunctSiloCleanupPeriod = TimeSpan.FromMinutes(10);
        });
        if (options.InKubernetes)
        {
            silo.UseKubernetesHosting();
            silo.Configure<ClusterOptions>(Name);
            silo.Configure<EndpointOptions>(endpoints => (endpoints.SiloPort, endpoints.GatewayPort) = (options.SiloPort, options.GatewayPort));
        }
        else
        {
            silo.ConfigureEndpoints(AddressOf(options.SiloAddress), options.SiloPort, options.GatewayPort);
            if (options.SiloListen is { } listen)
            {
                silo.Configure<EndpointOptions>(endpoints =>
                {
                    endpoints.SiloListeningEndpoint = new IPEndPoint(listen, options.SiloPort);
                    endpoints.GatewayListeningEndpoint = new IPEndPoint(listen, options.GatewayPort);
                });
            }
        }
    }

    public static void UseClustering(this IClientBuilder client, ServerOptions options)
    {
        client.Configure<ClusterOptions>(Name);
        client.Services.Configure<ExceptionSerializationOptions>(SendCauses);
        client.UseAdoNetClustering(table => (table.Invariant, table.ConnectionString) = (SettingsDatabase.PostgresInvariant, options.ConnectionString!));
        client.Configure<GatewayOptions>(gateways => gateways.GatewayListRefreshPeriod = Refresh);
        client.UseConnectionRetryFilter<FirstSilo>();
    }

    // A storage's failure keeps its cause on the way to another silo.
    private static void SendCauses(ExceptionSerializationOptions exceptions) => exceptions.SupportedNamespacePrefixes.Add(nameof(Npgsql));

    private static void Name(ClusterOptions cluster) => (cluster.ClusterId, cluster.ServiceId) = (Cluster, Cluster);

    private static IPAddress AddressOf(string host)
    {
        try
        {
            return System.Net.Dns.GetHostAddresses(host).OrderBy(address => address.AddressFamily == AddressFamily.InterNetwork ? 0 : 1).First();
        }
        catch (SocketException failure)
        {
            throw new StartupException($"--silo-address {host} is not known here: {failure.Message}");
        }
    }

    /// <summary>An API server may be there before the silos.</summary>
    private sealed class FirstSilo(TimeProvider wall) : IClientConnectionRetryFilter
    {
        private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(500);

        public async Task<bool> ShouldRetryConnectionAttempt(Exception exception, CancellationToken cancellationToken)
        {
            await Task.Delay(Pause, wall, cancellationToken);
            return true;
        }
    }
}
