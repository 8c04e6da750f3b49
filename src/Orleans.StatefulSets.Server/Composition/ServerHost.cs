using System.Runtime.CompilerServices;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Logging.Console;
using Orleans.Configuration;
using Orleans.Dashboard;
using Orleans.StatefulSets.Api.Health;
using Orleans.StatefulSets.Api.Hosting;
using Orleans.StatefulSets.Grains.Cluster;
using Orleans.StatefulSets.Grains.Files;
using Orleans.StatefulSets.Grains.Hosting;
using Orleans.StatefulSets.Grains.Journal;
using Orleans.StatefulSets.Grains.Network;
using Orleans.StatefulSets.Grains.Nodes;
using Orleans.StatefulSets.Grains.Nodes.Runtime;
using Orleans.StatefulSets.Grains.Reach;
using Orleans.StatefulSets.Grains.Time;
using Orleans.StatefulSets.Reconciliation.Nodes;
using Orleans.StatefulSets.Server.Dns;
using Orleans.StatefulSets.Server.Options;
using Orleans.StatefulSets.Server.Persistence;
using Orleans.StatefulSets.Server.Startup;
using Orleans.StatefulSets.Storage;

namespace Orleans.StatefulSets.Server.Composition;

/// <summary>Puts one server together: a silo, the API, the Orleans dashboard, on the storage that was chosen.</summary>
internal static class ServerHost
{
    private static readonly TimeSpan StopPatience = TimeSpan.FromSeconds(10);

    /// <summary>Opens the storage and builds the server; nothing listens yet.</summary>
    /// <exception cref="JournalStorageException">The storage can't be used.</exception>
    public static async Task<WebApplication> BuildAsync(ServerOptions options)
    {
        var stores = new JournalStores(name => JournalStores.Open(options, name));

        // Opened before anything starts: a folder in use, a file that can't be read, a database out of reach is said at once, in one line.
        foreach (var journal in (string[])[Journals.Objects, Journals.Events])
        {
            await stores.For(journal).ReadHeadAsync(CancellationToken.None);
        }

        var builder = WebApplication.CreateSlimBuilder(new WebApplicationOptions { ContentRootPath = AppContext.BaseDirectory });
        builder.WebHost.UseUrls([.. options.Urls.Select(url => url.GetLeftPart(UriPartial.Authority))]);
        builder.Services.AddSingleton(options);
        builder.Services.AddSingleton<IJournalStores>(stores);
        if (options.Role != ServerRole.Api)
        {
            var files = FileStores.Open(options);
            await files.ExistsAsync("", CancellationToken.None);
            builder.Services.AddSingleton(_ => files);
        }

        builder.Services.AddSingleton<Departure>();
        builder.Services.AddSingleton<ISiloDeparture>(provider => provider.GetRequiredService<Departure>());
        builder.Services.AddSingleton<DrainingLifetime>();
        builder.Services.Replace(ServiceDescriptor.Singleton<IHostLifetime>(provider => provider.GetRequiredService<DrainingLifetime>()));
        builder.Services.Configure<HostOptions>(host =>
        {
            host.ShutdownTimeout = StopPatience;

            // What runs beside the silo is broken off where the start fails, and that is no failure of its own.
            host.BackgroundServiceExceptionBehavior = BackgroundServiceExceptionBehavior.Ignore;
        });
        var stopping = new StrongBox<bool>();
        ConfigureLogging(builder, options, stopping);
        if (options.Dns is not null)
        {
            // Before the silo: what is wrong with the address is told at once.
            builder.Services.AddHostedService(provider => ActivatorUtilities.CreateInstance<DnsServer>(provider, options));
        }

        ConfigureCluster(builder, options);
        builder.Services.AddHostedService<IdleCollection>();
        builder.Services.AddKubernetesApi(api => ConfigureApi(api, options));
        builder.Services.Replace(ServiceDescriptor.Singleton<IReadiness, ClusterReadiness>());

        var app = builder.Build();
        app.Lifetime.ApplicationStopping.Register(() => stopping.Value = true);

        // The API first: it checks the callers of every path, the dashboard's among them.
        app.UseKubernetesApi();
        if (options.Role != ServerRole.Api)
        {
            app.MapLazyDashboard();
            app.MapGrainCounts();
        }

        app.MapUnknownPaths();
        return app;
    }

    private static void ConfigureApi(ApiOptions api, ServerOptions options)
    {
        api.HealthOnly = options.Role == ServerRole.Silo;
        api.MaxRequestsInFlight = options.MaxRequestsInFlight;
        api.MaxMutatingRequestsInFlight = options.MaxMutatingRequestsInFlight;
        api.MaxRequestsQueued = options.MaxRequestsQueued;
        api.QueuePatience = options.MaxQueueWait;
        api.MaxConnections = options.MaxConnections;

        // Whoever has the server listen elsewhere than on loopback was told that there is no authentication.
        api.AllowAnonymousRemote = options.Urls.Any(url => !url.IsLoopback);
        foreach (var host in options.Urls.Select(url => url.Host).Concat(options.Hosts))
        {
            api.AllowedHosts.Add(host);
        }
    }

    private static void ConfigureLogging(WebApplicationBuilder builder, ServerOptions options, StrongBox<bool> stopping)
    {
        builder.Logging.ClearProviders();
        builder.Logging.AddSimpleConsole(console => console.SingleLine = true);
        builder.Logging.AddConsoleFormatter<BriefConsole, ConsoleFormatterOptions>();
        builder.Services.Configure<ConsoleLoggerOptions>(console => console.FormatterName = options.Verbose ? ConsoleFormatterNames.Simple : BriefConsole.FormatterName);
        builder.Logging.SetMinimumLevel(options.Verbose ? LogLevel.Information : LogLevel.Warning);
        if (!options.Verbose)
        {
            // Orleans and ASP.NET warn of much that is no news to somebody who runs one silo on his machine.
            builder.Logging.AddFilter("Orleans", LogLevel.Critical);
            // What is interrupted by a stop goes on after the next start, and is no news either.
            builder.Logging.AddFilter("Orleans.StatefulSets", level => level >= (stopping.Value ? LogLevel.Error : LogLevel.Warning));
            builder.Logging.AddFilter("Microsoft", LogLevel.Critical);
            builder.Logging.AddFilter("Polly", LogLevel.Critical);
        }
    }

    private static void ConfigureCluster(WebApplicationBuilder builder, ServerOptions options)
    {
        var now = TimeProvider.System.GetUtcNow().UtcDateTime;
        builder.Services.AddSingleton<ClusterClock>(new ScaledClock(TimeProvider.System, new ClockAnchor(now, now, options.Speed)));
        builder.Services.Configure<ClockSettings>(clock => clock.Speed = options.Speed);
        builder.Services.Configure<JournalOptions>(journal =>
        {
            journal.ReplicaRingBytes = options.RingBytes;
            journal.WatchBuffer = options.WatchBufferChanges;
            journal.WatchBufferBytes = options.WatchBufferBytes;
        });
        builder.Services.Configure<EventRetention>(events => (events.TimeToLive, events.Most) = (options.EventTimeToLive, options.MaxEvents));
        builder.Services.Configure<NodeSettings>(nodes =>
        {
            nodes.Count = options.NodeCount;
            nodes.Nodes = new NodeOptions { Pods = options.PodsPerNode };
            nodes.Latencies = options.PodLatencies;
            nodes.VolumeProvisioning = options.VolumeProvisionLatency;
        });

        builder.Services.Configure<NetworkSettings>(network => network.DnsAddress = options.DnsAddress);

        builder.Services.Configure<RuntimeSettings>(insides => (insides.Limits, insides.UnavailableImages) = (options.PodLimits, options.UnavailableImages));
        builder.Services.Configure<FileTreeOptions>(files => (files.Sync, files.FileBytes) = (options.FileSync, options.PodLimits.FileBytes));

        if (options.Role == ServerRole.Api)
        {
            builder.UseOrleansClient(client =>
            {
                client.UseClustering(options);
                client.AddStatefulSetCluster();
            });
            return;
        }

        builder.UseOrleans(silo =>
        {
            silo.UseClustering(options);
            silo.Configure<GrainCollectionOptions>(collection =>
            {
                collection.CollectionAge = TimeSpan.FromMinutes(2);
                collection.CollectionQuantum = TimeSpan.FromMinutes(1);
            });
            // Each sample walks the grain directory's cache.
            silo.AddDashboard(dashboard => dashboard.CounterUpdateIntervalMs = 5000);
            silo.AddStatefulSetCluster();
            AddSettingsStorage(silo, options);
        });
    }

    private static void AddSettingsStorage(ISiloBuilder silo, ServerOptions options)
    {
        if (options.Storage == StorageKind.Memory)
        {
            silo.AddMemoryGrainStorage(ClusterSettingsKeys.Storage);
            return;
        }

        var (invariant, connectionString) = PrepareSettings(options);
        silo.UseSystemTextJsonGrainStorageSerializer();
        silo.AddAdoNetGrainStorage(ClusterSettingsKeys.Storage, storage => (storage.Invariant, storage.ConnectionString) = (invariant, connectionString));
    }

    // The tables of PostgreSQL came with those of the journals.
    private static (string Invariant, string ConnectionString) PrepareSettings(ServerOptions options)
    {
        if (options.Storage == StorageKind.Postgres)
        {
            return (SettingsDatabase.PostgresInvariant, options.ConnectionString!);
        }

        SettingsDatabase.Prepare(options.DataDirectory);
        return (SettingsDatabase.Invariant, SettingsDatabase.ConnectionString(options.DataDirectory));
    }
}
