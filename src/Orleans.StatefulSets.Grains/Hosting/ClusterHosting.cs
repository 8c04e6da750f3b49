using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Options;
using Orleans.Configuration;
using Orleans.Serialization;
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
using Orleans.StatefulSets.Grains.Reach;
using Orleans.StatefulSets.Grains.Replicas;
using Orleans.StatefulSets.Grains.Streaming;
using Orleans.StatefulSets.Grains.Time;
using Orleans.StatefulSets.Resources.Objects;
using Orleans.StatefulSets.Resources.Writing;
using Orleans.StatefulSets.Storage;
using Orleans.StatefulSets.Workloads.Images;


namespace Orleans.StatefulSets.Grains.Hosting;

/// <summary>Adds the emulated cluster to a silo, or to a client of its silos.</summary>
public static class ClusterHosting
{
    // A silo that stops drops the answers that it still owed. Whoever waits for one tries again, but only once it has given up waiting; to
    // give up sooner would make an overloaded machine do everything twice.
    private static readonly TimeSpan CallPatience = TimeSpan.FromSeconds(30);

    // What was lost with a connection between two silos is waited for as long: a grain that takes itself off the directory meanwhile answers
    // nobody, and keeps its silo from leaving.
    private static readonly TimeSpan SystemCallPatience = TimeSpan.FromSeconds(10);

    /// <summary>
    /// Adds what the cluster's grains need. The caller registers an <see cref="Journal.IJournalStores"/>, an <see cref="IFileStore"/>
    /// that all silos share and a <see cref="ClusterClock"/>, and may configure <see cref="Journal.JournalOptions"/>,
    /// <see cref="Nodes.NodeSettings"/>, <see cref="NetworkSettings"/>, <see cref="FileTreeOptions"/> and <see cref="EventRetention"/>.
    /// </summary>
    public static ISiloBuilder AddStatefulSetCluster(this ISiloBuilder silo)
    {
        var services = silo.Services;
        UseConsistentDirectory(silo);
        services.Configure<SiloMessagingOptions>(messaging => (messaging.ResponseTimeout, messaging.SystemResponseTimeout) = (CallPatience, SystemCallPatience));
        AddCommon(services);
        AddInsides(services);
        services.AddSingleton<ISilosLeft, SilosLeft>();
        services.AddGrainService<ReachService>();
        services.AddSingleton<ReachClient>();
        services.AddSingleton<HeldJournals>();
        services.AddSingleton<ReachWatch>();
        services.TryAddSingleton<ISiloDeparture, ProgramDeparture>();
        services.AddSingleton<Vacancies>();
        services.AddSingleton<EventRecorder>();
        services.AddSingleton<ObjectServices>();
        services.AddSingleton<EventExpiry>();
        services.AddSingleton<FileMemory>();
        services.AddSingleton<FileTrees>();
        services.AddSingleton<FileSweep>();
        services.AddSingleton<Sweep>();
        services.AddSingleton<Bootstrap>();
        services.AddSingleton<ImportedTime>();
        services.AddSingleton<SiloStart>();
        services.AddSingleton<ILifecycleParticipant<ISiloLifecycle>>(provider => provider.GetRequiredService<ReplicaSet>());
        services.AddSingleton<ILifecycleParticipant<ISiloLifecycle>>(provider => provider.GetRequiredService<EventRecorder>());
        services.AddSingleton<ILifecycleParticipant<ISiloLifecycle>>(provider => provider.GetRequiredService<SiloStart>());
        services.AddSingleton<ILifecycleParticipant<ISiloLifecycle>>(provider => provider.GetRequiredService<ReachWatch>());
        return silo;
    }

    /// <summary>
    /// Adds what an API server without a silo needs: copies of the journals of its own, and the way to the grains. The caller registers an
    /// <see cref="Journal.IJournalStores"/> and a <see cref="ClusterClock"/>, and may configure <see cref="Journal.JournalOptions"/>.
    /// </summary>
    public static IClientBuilder AddStatefulSetCluster(this IClientBuilder client)
    {
        var services = client.Services;
        services.Configure<ClientMessagingOptions>(messaging => messaging.ResponseTimeout = CallPatience);
        AddCommon(services);
        services.AddSingleton<ISilosLeft, SilosElsewhere>();
        services.AddSingleton<ClientStart>();
        services.AddSingleton<GatewayLoss>();
        client.AddOutgoingGrainCallFilter<GatewayLossFilter>();
        client.AddGatewayCountChangedHandler(provider => provider.GetRequiredService<GatewayLoss>().Changed);
        services.AddSingleton<ILifecycleParticipant<IClusterClientLifecycle>>(provider => provider.GetRequiredService<ReplicaSet>());
        services.AddSingleton<ILifecycleParticipant<IClusterClientLifecycle>>(provider => provider.GetRequiredService<ClientStart>());
        return client;
    }

    // The default directory ends a share of all activations whenever a silo goes, on those that stay too: what ran in their nodes' pods would
    // be cut off. This one hands its ranges over, and builds those of a lost silo anew. It would wait for half a minute until that one surely
    // writes nothing any more; here the journal and the trees of files fence it.
    private static void UseConsistentDirectory(ISiloBuilder silo)
    {
#pragma warning disable ORLEANSEXP003
        silo.AddDistributedGrainDirectory();
#pragma warning restore ORLEANSEXP003
        silo.Configure<GrainDirectoryOptions>(directory => directory.RangeLeaseDuration = TimeSpan.Zero);
    }

    private static void AddCommon(IServiceCollection services)
    {
        // What fails on another silo is known here by its type.
        services.Configure<ExceptionSerializationOptions>(exceptions => exceptions.SupportedNamespacePrefixes.Add("Orleans.StatefulSets"));
        services.TryAddSingleton(TimeProvider.System);
        services.TryAddSingleton<IIdentitySource, RandomIdentitySource>();
        services.AddSingleton<TimingWheel>();
        services.AddSingleton<ReplicaSet>();
        services.AddSingleton<IReplicas>(provider => provider.GetRequiredService<ReplicaSet>());
        services.AddSingleton<IClusterFollowing>(provider => provider.GetRequiredService<ReplicaSet>());
        services.AddSingleton<IClusterNetwork, ClusterNetwork>();
        services.AddSingleton<NodeStreams>();
        services.AddSingleton(provider => new PodSessions(provider.GetRequiredService<NodeStreams>(), provider.GetRequiredService<TimeProvider>()));
        services.AddSingleton<IPodStreams, PodStreams>();
        services.AddSingleton<CommitIds>();
        services.AddSingleton<QuotaCharges>();
        services.AddSingleton<ObjectCommitter>();
        services.AddSingleton(provider => new ObjectWriter(HeartbeatStrategy.For, provider.GetRequiredService<IIdentitySource>()));
        services.AddSingleton<TypedGrainFactory>();
        services.AddSingleton<ObjectRoutes>();
        services.AddSingleton<DirectWriter>();
        services.AddSingleton<ObjectMutations>();
        services.AddSingleton<PodEvictions>();
        services.AddSingleton<RepeatedWrites>();
        services.AddSingleton<FaultInjections>();
        services.AddSingleton<IRequestFaults, RequestFaults>();
        services.AddSingleton<IClusterWriter, ClusterWriter>();
        services.AddSingleton<ClusterStart>();
    }

    private static void AddInsides(IServiceCollection services)
    {
        services.TryAddSingleton(ImageCatalog.Default);
        services.AddSingleton<SimulatedTime>();
        services.AddSingleton<RunKinds>();
        services.AddSingleton<UnavailableImages>();
        services.AddSingleton<PodGateways>();
        services.AddSingleton<PodVolumes>();
        services.AddSingleton(provider => provider.GetRequiredService<IOptions<RuntimeSettings>>().Value);
        services.AddSingleton<RuntimeServices>();
    }
}
