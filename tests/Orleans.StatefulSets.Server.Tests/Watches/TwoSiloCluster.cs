using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Orleans.StatefulSets.Api.Hosting;
using Orleans.StatefulSets.Grains.Cluster;
using Orleans.StatefulSets.Grains.Hosting;
using Orleans.StatefulSets.Grains.Journal;
using Orleans.StatefulSets.Grains.Nodes;
using Orleans.StatefulSets.Grains.Replicas;
using Orleans.StatefulSets.Grains.Streaming;
using Orleans.StatefulSets.Grains.Time;
using Orleans.StatefulSets.Reconciliation.Pods;
using Orleans.StatefulSets.Resources.Objects;
using Orleans.StatefulSets.Server.Composition;
using Orleans.StatefulSets.Server.Tests.Fuzzing;
using Orleans.StatefulSets.Storage;
using Orleans.TestingHost;

namespace Orleans.StatefulSets.Server.Tests.Watches;

/// <summary>An emulated cluster on two silos of one process, each with the API over its own replica. Its time runs fast.</summary>
public sealed class TwoSiloCluster : IAsyncLifetime
{
    private const double Speed = 30;
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(40);
    private readonly List<WebApplication> apis = [];
    private readonly FailureLog log = new(LogLevel.Information);
    private InProcessTestCluster? cluster;

    /// <summary>A client of each silo's API.</summary>
    public IReadOnlyList<HttpClient> Clients { get; private set; } = [];

    /// <summary>What the APIs logged as failures, and why the web server closed connections.</summary>
    public IEnumerable<string> Failures => log.Failures;

    public async Task InitializeAsync()
    {
        var start = TimeProvider.System.GetUtcNow().UtcDateTime;
        var clock = new ScaledClock(TimeProvider.System, new ClockAnchor(start, start, Speed));
        var stores = new JournalStores(_ => new MemoryJournalStore());
        var files = new MemoryFileState();
        var builder = new InProcessTestClusterBuilder(2);
        builder.ConfigureHost(host => host.Logging.SetMinimumLevel(LogLevel.Critical));
        builder.ConfigureSilo((_, silo) =>
        {
            silo.Services.AddSingleton<IJournalStores>(stores);
            silo.Services.AddSingleton<IFileStore>(new MemoryFileStore(files));
            silo.Services.AddSingleton<ClusterClock>(clock);
            silo.Services.Configure<NodeSettings>(nodes => nodes.Latencies = PodLatencies.Realistic);
            silo.AddMemoryGrainStorage(ClusterSettingsKeys.Storage);
            silo.AddStatefulSetCluster();
        });
        cluster = builder.Build();
        await cluster.DeployAsync();
        foreach (var silo in cluster.Silos)
        {
            await silo.ServiceProvider.GetRequiredService<ClusterStart>().Ready.WaitAsync(Patience);
            apis.Add(await StartApiAsync(silo.ServiceProvider, clock, log));
        }

        Clients = [.. apis.Select(api => new HttpClient { BaseAddress = new Uri(api.Urls.Single()), Timeout = TimeSpan.FromSeconds(30) })];
    }

    public async Task DisposeAsync()
    {
        foreach (var (api, client) in apis.Zip(Clients))
        {
            client.Dispose();
            await api.StopAsync();
            await api.DisposeAsync();
        }

        if (cluster is not null)
        {
            await cluster.DisposeAsync();
        }
    }

    private static async Task<WebApplication> StartApiAsync(IServiceProvider silo, ClusterClock clock, FailureLog log)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders().AddProvider(log).AddFilter((category, level) => level >= LogLevel.Error || category?.Contains("Kestrel", StringComparison.Ordinal) == true);
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        builder.Services.AddSingleton(silo.GetRequiredService<IReplicas>());
        builder.Services.AddSingleton(silo.GetRequiredService<IClusterWriter>());
        builder.Services.AddSingleton(silo.GetRequiredService<IIdentitySource>());
        builder.Services.AddSingleton(silo.GetRequiredService<IPodStreams>());
        builder.Services.AddSingleton(clock);
        builder.Services.AddKubernetesApi(api => api.BookmarkInterval = TimeSpan.FromMilliseconds(100));
        var app = builder.Build();
        app.MapKubernetesApi();
        await app.StartAsync();
        return app;
    }
}
