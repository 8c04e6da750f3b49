using k8s.Models;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Orleans.StatefulSets.Grains.Journal;
using Orleans.StatefulSets.Resources.Kinds;
using Orleans.StatefulSets.Resources.Objects;
using Orleans.StatefulSets.Resources.Writing;

namespace Orleans.StatefulSets.Grains.Replicas;

/// <summary>The replicas of this process with their feeds and indexes.</summary>
internal sealed class ReplicaSet : IReplicas, IClusterView, IClusterFollowing, ILifecycleParticipant<ISiloLifecycle>, ILifecycleParticipant<IClusterClientLifecycle>
{
    private readonly Replica objects;
    private readonly Replica events;
    private readonly ReplicaFeed[] feeds;

    public ReplicaSet(IJournalStores stores, IGrainFactory grains, IOptions<JournalOptions> options, TimeProvider wall, ILogger<ReplicaFeed> logger)
    {
        objects = New(Journals.Objects);
        events = New(Journals.Events);
        feeds = [Feed(Journals.Objects, objects), Feed(Journals.Events, events)];
        Owners = new OwnerIndex(objects);
        Nodes = new NodeIndex(objects);
        Unfinished = new UnfinishedIndex(objects);
        Quotas = new QuotaIndex(objects);
        Volumes = new VolumeIndex(objects);
        Claims = new ClaimIndex(objects);
        Revisions = new RevisionIndex(objects);
        Zones = new ZoneIndex(objects);
        NodeRanges = new AddressIndex(objects, ResourceKinds.Nodes, item => item.As<V1Node>().Spec?.PodCIDR);
        ServiceAddresses = new AddressIndex(objects, ResourceKinds.Services, item => item.As<V1Service>().Spec?.ClusterIP);
        Services = new ServiceIndex(objects);
        Endpoints = new EndpointIndex(objects);
        PodAddresses = new PodAddressIndex(objects);
        Machines = new MachineIndex(objects);
        Faults = new FaultIndex(objects);

        Replica New(string journal) => new(options.Value, new HeadQuestion(journal, grains, wall).AskAsync, wall);

        ReplicaFeed Feed(string journal, Replica replica) => new(journal, replica, stores, grains, options.Value, wall, logger);
    }

    /// <summary>The copy of the objects' journal.</summary>
    public Replica Objects => objects;

    /// <summary>Who depends on whom.</summary>
    public OwnerIndex Owners { get; }

    /// <summary>Which pods are bound where.</summary>
    public NodeIndex Nodes { get; }

    /// <summary>What still has to move.</summary>
    public UnfinishedIndex Unfinished { get; }

    /// <summary>Which namespaces have quotas, and who keeps them here.</summary>
    public QuotaIndex Quotas { get; }

    /// <summary>Which volumes each claim may get.</summary>
    public VolumeIndex Volumes { get; }

    /// <summary>Which pods use which claim.</summary>
    public ClaimIndex Claims { get; }

    /// <summary>Which revisions nobody controls.</summary>
    public RevisionIndex Revisions { get; }

    /// <summary>How well the zones are.</summary>
    public ZoneIndex Zones { get; }

    /// <summary>Which ranges of pods' addresses nodes have.</summary>
    public AddressIndex NodeRanges { get; }

    /// <summary>Which cluster addresses Services have.</summary>
    public AddressIndex ServiceAddresses { get; }

    /// <summary>Services by address and by node port.</summary>
    public ServiceIndex Services { get; }

    /// <summary>Services' endpoints by name and by address.</summary>
    public EndpointIndex Endpoints { get; }

    /// <summary>Pods by address.</summary>
    public PodAddressIndex PodAddresses { get; }

    /// <summary>Nodes by address.</summary>
    public MachineIndex Machines { get; }

    /// <inheritdoc/>
    public bool IsFollowing => feeds[0].IsFollowing;

    /// <summary>How long the objects' journal has not answered.</summary>
    public TimeSpan JournalSilence => feeds[0].Silence;

    /// <summary>The faults that happen now.</summary>
    public FaultIndex Faults { get; }

    /// <summary>Completes when this process holds everything once.</summary>
    public Task Loaded => Task.WhenAll(objects.Loaded, events.Loaded);

    /// <inheritdoc/>
    public IReplica For(string resource) => CopyOf(resource);

    /// <summary>The copy that holds a resource.</summary>
    public Replica CopyOf(string resource) => resource == ResourceKinds.Events.Resource ? events : objects;

    /// <inheritdoc/>
    public StoredObject? Find(ObjectKey key) => For(key.Resource).Find(key);

    /// <inheritdoc/>
    public IEnumerable<StoredObject> List(string resource, string? @namespace) =>
        (resource == ResourceKinds.Events.Resource ? events : objects).List(resource, @namespace);

    /// <summary>The objects of a namespace whose names begin so, in their order. Costs what is enumerated.</summary>
    public IEnumerable<StoredObject> ListNamed(string resource, string @namespace, string prefix) =>
        CopyOf(resource).Snapshot(resource).List(@namespace, $"{@namespace}/{prefix}").TakeWhile(item => item.Key.Name.StartsWith(prefix, StringComparison.Ordinal));

    /// <inheritdoc/>
    public void Participate(ISiloLifecycle lifecycle) => lifecycle.Subscribe(nameof(ReplicaSet), ServiceLifecycleStage.BecomeActive + 1, StartAsync, StopAsync);

    /// <inheritdoc/>
    public void Participate(IClusterClientLifecycle lifecycle) => lifecycle.Subscribe(nameof(ReplicaSet), ServiceLifecycleStage.Active, StartAsync, StopAsync);

    private Task StartAsync(CancellationToken cancellation)
    {
        Array.ForEach(feeds, feed => feed.Start());
        return Task.CompletedTask;
    }

    private Task StopAsync(CancellationToken cancellation) => Task.WhenAll(feeds.Select(feed => feed.StopAsync()));
}
