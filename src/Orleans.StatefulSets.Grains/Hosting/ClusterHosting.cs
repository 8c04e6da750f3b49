using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Options;
using Orleans.Configuration;
using Orleans.StatefulSets.Grains.Chance;
using Orleans.StatefulSets.Grains.Cluster;
using Orleans.StatefulSets.Grains.Disruption;
using Orleans.StatefulSets.Grains.Events;
using Orleans.StatefulSets.Grains.Faults;
using Orleans.StatefulSets.Grains.Files;
using Orleans.StatefulSets.Grains.Network;
using Orleans.StatefulSets.Grains.Nodes;
using Orleans.StatefulSets.Grains.Nodes.Runtime;
using Orleans.StatefulSets.Grains.Objects;
using Orleans.StatefulSets.Grains.Quotas;
using Orleans.StatefulSets.Grains.Replicas;
using Orleans.StatefulSets.Grains.Streaming;
using Orleans.StatefulSets.Grains.Time;
using Orleans.StatefulSets.Resources.Objects;
using Orleans.StatefulSets.Resources.Writing;
using Orleans.StatefulSets.Storage;
using Orleans.StatefulSets.Workloads.Images;


namespace Orleans.StatefulSets.Grains.Hosting;

/// <summary>Adds the emulated cluster to a silo.</summary>
public static class ClusterHosting
{
    // A silo that stops drops the answers that it still owed. Whoever waits for one tries again, but only once it has given up waiting; to
    // give up sooner would make an overloaded machine do everything twice.
    private static readonly TimeSpan CallPatience = TimeSpan.FromSeconds(30);

    /// <summary>
    /// Adds what the cluster's grains need. The caller registers an <see cref="Journal.IJournalStores"/>, an <see cref="IFileStore"/>
    /// that all silos share and a <see cref="ClusterClock"/>, and may configure <see cref="Journal.JournalOptions"/>,
    /// <see cref="Nodes.NodeSettings"/>, <see cref="NetworkSettings"/>, <see cref="FileTreeOptions"/> and <see cref="EventRetention"/>.
    /// </summary>
    public static ISiloBuilder AddStatefulSetCluster(this ISiloBuilder silo)
    {
        var services = silo.Services;
        services.Configure<SiloMessagingOptions>(messaging => messaging.ResponseTimeout = CallPatience);
        services.TryAddSingleton(TimeProvider.System);
        services.TryAddSingleton<IIdentitySource, RandomIdentitySource>();
        services.AddSingleton<TimingWheel>();
        services.AddSingleton<ReplicaSet>();
        services.AddSingleton<IReplicas>(provider => provider.GetRequiredService<ReplicaSet>());
        services.AddSingleton<IClusterNetwork, ClusterNetwork>();
        AddInsides(services);
        services.AddSingleton<CommitIds>();
        services.AddSingleton<QuotaCharges>();
        services.AddSingleton<ObjectCommitter>();
        services.AddSingleton(provider => new ObjectWriter(HeartbeatStrategy.For, provider.GetRequiredService<IIdentitySource>()));
        services.AddSingleton<TypedGrainFactory>();
        services.AddSingleton<ObjectRoutes>();
        services.AddSingleton<Vacancies>();
        services.AddSingleton<FaultInjections>();
        services.AddSingleton<IRequestFaults, RequestFaults>();
        services.AddSingleton<EventRecorder>();
        services.AddSingleton<ObjectServices>();
        services.AddSingleton<DirectWriter>();
        services.AddSingleton<ObjectMutations>();
        services.AddSingleton<PodEvictions>();
        services.AddSingleton<IClusterWriter, ClusterWriter>();
        services.AddSingleton<EventExpiry>();
        services.AddSingleton<FileMemory>();
        services.AddSingleton<FileTrees>();
        services.AddSingleton<FileSweep>();
        services.AddSingleton<Sweep>();
        services.AddSingleton<Bootstrap>();
        services.AddSingleton<ImportedTime>();
        services.AddSingleton(provider => new ClusterStart(
            provider.GetRequiredService<Bootstrap>(),
            provider.GetRequiredService<ImportedTime>(),
            provider.GetRequiredService<Sweep>(),
            provider.GetRequiredService<ClusterClock>(),
            provider.GetRequiredService<IGrainFactory>(),
            provider.GetRequiredService<IIdentitySource>(),
            provider.GetRequiredService<TimeProvider>(),
            provider.GetRequiredService<IOptions<ClockSettings>>().Value.Speed));
        services.AddSingleton<ILifecycleParticipant<ISiloLifecycle>>(provider => provider.GetRequiredService<ReplicaSet>());
        services.AddSingleton<ILifecycleParticipant<ISiloLifecycle>>(provider => provider.GetRequiredService<EventRecorder>());
        services.AddSingleton<ILifecycleParticipant<ISiloLifecycle>>(provider => provider.GetRequiredService<ClusterStart>());
        return silo;
    }

    private static void AddInsides(IServiceCollection services)
    {
        services.TryAddSingleton(ImageCatalog.Default);
        services.AddSingleton<SimulatedTime>();
        services.AddSingleton<RunKinds>();
        services.AddSingleton<UnavailableImages>();
        services.AddSingleton<NodeStreams>();
        services.AddSingleton<PodGateways>();
        services.AddSingleton<PodVolumes>();
        services.AddSingleton(provider => provider.GetRequiredService<IOptions<RuntimeSettings>>().Value);
        services.AddSingleton<RuntimeServices>();
        services.AddSingleton<IPodStreams, PodStreams>();
    }
}
