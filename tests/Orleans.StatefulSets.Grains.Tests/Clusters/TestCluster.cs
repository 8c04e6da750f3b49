using k8s.Models;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Orleans.Configuration;
using Orleans.StatefulSets.Grains.Cluster;
using Orleans.StatefulSets.Grains.Hosting;
using Orleans.StatefulSets.Grains.Journal;
using Orleans.StatefulSets.Grains.Nodes;
using Orleans.StatefulSets.Grains.Quotas;
using Orleans.StatefulSets.Grains.Replicas;
using Orleans.StatefulSets.Grains.Time;
using Orleans.StatefulSets.Reconciliation.Pods;
using Orleans.StatefulSets.Resources.Kinds;
using Orleans.StatefulSets.Resources.Objects;
using Orleans.StatefulSets.Resources.Writing;
using Orleans.StatefulSets.Storage;
using Orleans.TestingHost;

namespace Orleans.StatefulSets.Grains.Tests.Clusters;

/// <summary>An emulated cluster on several silos of one process, with journals that outlive each of them, and a record of all messages.</summary>
internal sealed class TestCluster : IAsyncDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(40);

    private static readonly TimeSpan StopPatience = TimeSpan.FromSeconds(4);

    private readonly InProcessTestCluster cluster;

    private TestCluster(InProcessTestCluster cluster, TestJournals journals, MemoryFileState files, MessageTrace trace) =>
        (this.cluster, Journals, Files, Trace) = (cluster, journals, files, trace);

    public TestJournals Journals { get; }

    /// <summary>The files that the silos share.</summary>
    public MemoryFileState Files { get; }

    public MessageTrace Trace { get; }

    /// <summary>The silos that run, oldest first.</summary>
    public IReadOnlyList<InProcessSiloHandle> Silos => [.. cluster.Silos.Where(silo => silo.IsActive)];

    public IClusterClient Client => cluster.Client;

    /// <param name="silos">How many silos.</param>
    /// <param name="clock">The clock that all of them share; null for one that runs with the wall's.</param>
    /// <param name="latencies">How long things take; nothing unless said.</param>
    /// <param name="speed">How many times as fast as the wall's the clock runs, where none is given.</param>
    public static async Task<TestCluster> StartAsync(short silos, ClusterClock? clock = null, PodLatencies? latencies = null, double speed = 1)
    {
        var start = TimeProvider.System.GetUtcNow().UtcDateTime;
        clock ??= new ScaledClock(TimeProvider.System, new ClockAnchor(start, start, speed));
        var journals = new TestJournals();
        var files = new MemoryFileState();
        var trace = new MessageTrace();
        var builder = new InProcessTestClusterBuilder(silos);
        builder.ConfigureHost(host => host.Logging.SetMinimumLevel(LogLevel.Critical));
        builder.ConfigureSilo((options, silo) =>
        {
            silo.Services.AddSingleton(journals.Stores());
            silo.Services.AddSingleton<IFileStore>(new MemoryFileStore(files));
            silo.Services.AddSingleton(clock);
            silo.Services.AddSingleton(trace.FilterOf(options.SiloName));
            silo.Services.Configure<NodeSettings>(nodes => (nodes.Latencies, nodes.VolumeProvisioning) = (latencies ?? PodLatencies.None, TimeSpan.Zero));
            silo.Services.Configure<ClockSettings>(settings => settings.Speed = speed);
            silo.Services.Configure<JournalOptions>(journal => journal.ReadWait = TimeSpan.FromSeconds(1));
            silo.Services.Configure<QuotaSettings>(quotas => quotas.GrantLasts = TimeSpan.FromSeconds(12));
            silo.AddMemoryGrainStorage(ClusterSettingsKeys.Storage);
            silo.AddStatefulSetCluster();
            silo.Services.Configure<SiloMessagingOptions>(messaging => messaging.ResponseTimeout = TimeSpan.FromSeconds(6));
            silo.Services.Configure<GrainCollectionOptions>(collection => collection.DeactivationTimeout = TimeSpan.FromSeconds(3));
        });
        var started = new TestCluster(builder.Build(), journals, files, trace);
        await started.cluster.DeployAsync();
        await Task.WhenAll(started.Silos.Select(silo => silo.ServiceProvider.GetRequiredService<ClusterStart>().Ready)).WaitAsync(Patience);
        return started;
    }

    public async ValueTask DisposeAsync() => await cluster.DisposeAsync();

    /// <summary>Stops the silo where a grain's last message arrived.</summary>
    public async Task LoseSiloOfAsync(Func<TracedMessage, bool> grain, bool kill)
    {
        var name = Trace.Messages.Last(grain).Silo;
        var silo = Silos.First(silo => silo.Name == name);
        // A stop that takes too long is cut short, as a host does it.
        using var patience = new CancellationTokenSource(StopPatience, TimeProvider.System);
        await (kill ? cluster.KillSiloAsync(silo) : cluster.StopSiloAsync(silo, patience.Token));
    }

    /// <summary>A silo where a grain does not live, by its last message.</summary>
    public int SiloWithout(Func<TracedMessage, bool> grain)
    {
        var name = Trace.Messages.Last(grain).Silo;
        return Silos.Select((silo, index) => (silo, index)).First(pair => pair.silo.Name != name).index;
    }

    public async Task StartAnotherAsync() =>
        await (await cluster.StartAdditionalSiloAsync()).ServiceProvider.GetRequiredService<ClusterStart>().Ready.WaitAsync(Patience);

    public Replica Replica(int silo = 0) => Service<ReplicaSet>(silo).Objects;

    public T Service<T>(int silo)
        where T : notnull => Silos[silo].ServiceProvider.GetRequiredService<T>();

    public Task<WriteResponse> CreateAsync(object model, int silo = 0)
    {
        var metadata = ((IMetadata<V1ObjectMeta>)model).Metadata;
        var key = ResourceKinds.Of(model.GetType()).Key(metadata.NamespaceProperty ?? "", metadata.Name);
        return WriteAsync(new WriteRequest { Key = key, Verb = WriteVerb.Create, Body = ObjectJson.Encode(model) }, silo);
    }

    public Task<WriteResponse> ScaleAsync(ObjectKey set, int replicas, int silo = 0) => PatchAsync(set, $$$"""{"spec":{"replicas":{{{replicas}}}}}""", silo);

    /// <param name="key">The object.</param>
    /// <param name="patch">A merge patch.</param>
    /// <param name="silo">Through whom it is written.</param>
    public Task<WriteResponse> PatchAsync(ObjectKey key, string patch, int silo = 0) => WriteAsync(
        new WriteRequest { Key = key, Verb = WriteVerb.Patch, Patch = PatchKind.Merge, Body = System.Text.Encoding.UTF8.GetBytes(patch) },
        silo);

    public Task<WriteResponse> DeleteAsync(ObjectKey key, int silo = 0, string policy = "Background") =>
        WriteAsync(new WriteRequest { Key = key, Verb = WriteVerb.Delete, DeleteOptions = new V1DeleteOptions { PropagationPolicy = policy } }, silo);

    public Task<WriteResponse> WriteAsync(WriteRequest request, int silo = 0) =>
        Service<IClusterWriter>(silo).WriteAsync(request, CancellationToken.None).WaitAsync(Patience);

    /// <summary>
    /// Waits until a silo's copy shows something. What a message would have said that was lost with a silo is found by the sweep: it comes
    /// every 10 s in a cluster, and here with every second look, so that a test does not wait for it.
    /// </summary>
    public async Task UntilAsync(string what, Func<Replica, bool> condition, bool sweeping = false)
    {
        var began = TimeProvider.System.GetTimestamp();
        using var tick = new PeriodicTimer(TimeSpan.FromMilliseconds(20));
        for (var looks = 1; ; looks++)
        {
            if (condition(Replica()))
            {
                return;
            }

            if (sweeping && looks % 25 == 0)
            {
                for (var silo = 0; silo < Silos.Count; silo++)
                {
                    Service<Sweep>(silo).SweepOnce();
                }
            }

            Assert.True(TimeProvider.System.GetElapsedTime(began) < Patience, $"waited in vain: {what}; there is {Describe()}");
            await tick.WaitForNextTickAsync();
        }
    }

    private string Describe() => string.Join(", ", ((string[])["statefulsets.apps", "pods", "persistentvolumeclaims"])
        .SelectMany(resource => Replica().List(resource, null)).Select(item => $"{item} {(item.Model as V1Pod)?.Status?.Phase} {item.Metadata.DeletionTimestamp}"));
}
