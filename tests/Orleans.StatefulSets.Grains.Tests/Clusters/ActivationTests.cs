using k8s.Models;
using Orleans.StatefulSets.Grains.Cluster;
using Orleans.StatefulSets.Grains.Tests.Objects;
using Orleans.StatefulSets.Resources.Errors;
using Orleans.StatefulSets.Resources.Kinds;
using Orleans.StatefulSets.Resources.Objects;
using Orleans.StatefulSets.Resources.Writing;

namespace Orleans.StatefulSets.Grains.Tests.Clusters;

/// <summary>Names that are not in use any more, or never were, leave no grains behind.</summary>
public sealed class ActivationTests : IAsyncLifetime
{
    private const int Names = 60;

    // A message that comes late may begin a grain from a copy that lags: it goes with the idle ones, minutes later.
    private const int Late = 3;
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);
    private static readonly string[] Kinds = ["Pod", "StatefulSet", "PersistentVolumeClaim", "PersistentVolume", "Service", "DisruptionBudget", "ResourceQuota", "Namespace", "GarbageCollector"];

    private TestCluster cluster = null!;

    public async Task InitializeAsync() => cluster = await TestCluster.StartAsync(1);

    public async Task DisposeAsync() => await cluster.DisposeAsync();

    [Fact]
    public async Task Objects_that_came_and_went_leave_none()
    {
        var before = await CountAsync();
        var objects = Enumerable.Range(0, Names).SelectMany(Objects).ToList();
        foreach (var item in objects)
        {
            await cluster.CreateAsync(item);
        }

        foreach (var item in objects)
        {
            await cluster.DeleteAsync(KeyOf(item));
        }

        await DownToAsync(before);
    }

    [Fact]
    public async Task Names_that_were_only_tried_leave_none()
    {
        var before = await CountAsync();
        foreach (var item in Enumerable.Range(0, Names).SelectMany(Objects))
        {
            await Assert.ThrowsAsync<ApiException>(() => cluster.DeleteAsync(KeyOf(item)));
            await cluster.WriteAsync(new WriteRequest { Key = KeyOf(item), Verb = WriteVerb.Create, Body = ObjectJson.Encode(item), DryRun = true });
        }

        await DownToAsync(before);
    }

    private static IEnumerable<object> Objects(int number)
    {
        var metadata = new V1ObjectMeta { Name = $"n-{number}", NamespaceProperty = "default" };
        yield return Samples.Pod($"n-{number}") with { Metadata = metadata, Status = null! };
        yield return new V1Service { ApiVersion = "v1", Kind = "Service", Metadata = metadata, Spec = new V1ServiceSpec { Ports = [new V1ServicePort { Port = 80 }], Selector = new Dictionary<string, string> { ["app"] = "x" } } };
        yield return new V1ResourceQuota { ApiVersion = "v1", Kind = "ResourceQuota", Metadata = metadata, Spec = new V1ResourceQuotaSpec { Hard = new Dictionary<string, ResourceQuantity> { ["pods"] = new("1000") } } };
        yield return new V1PodDisruptionBudget { ApiVersion = "policy/v1", Kind = "PodDisruptionBudget", Metadata = metadata, Spec = new V1PodDisruptionBudgetSpec { MinAvailable = 1, Selector = new V1LabelSelector() } };
        yield return new V1PersistentVolumeClaim
        {
            ApiVersion = "v1",
            Kind = "PersistentVolumeClaim",
            Metadata = metadata,
            Spec = new V1PersistentVolumeClaimSpec { AccessModes = ["ReadWriteOnce"], Resources = new V1VolumeResourceRequirements { Requests = new Dictionary<string, ResourceQuantity> { ["storage"] = new("1Gi") } } },
        };
    }

    private static ObjectKey KeyOf(object model)
    {
        var metadata = ((IMetadata<V1ObjectMeta>)model).Metadata;
        return ResourceKinds.Of(model.GetType()).Key(metadata.NamespaceProperty, metadata.Name);
    }

    private async Task<Dictionary<string, int>> CountAsync()
    {
        var all = await cluster.Client.GetGrain<IManagementGrain>(0).GetDetailedGrainStatistics();
        return Kinds.ToDictionary(kind => kind, kind => all.Count(grain => grain.GrainType.Split(',')[0].EndsWith($".{(kind == "GarbageCollector" ? "GarbageCollectorGrain" : kind + "Grain")}", StringComparison.Ordinal)));
    }

    private async Task DownToAsync(Dictionary<string, int> before)
    {
        var began = TimeProvider.System.GetTimestamp();
        using var tick = new PeriodicTimer(TimeSpan.FromMilliseconds(100));
        while (await CountAsync() is var now && Kinds.Where(kind => now[kind] > before[kind] + Late).Select(kind => $"{kind}: {before[kind]}, now {now[kind]}").ToList() is { Count: > 0 } more)
        {
            Assert.True(TimeProvider.System.GetElapsedTime(began) < Patience, string.Join("; ", more));
            await tick.WaitForNextTickAsync();

            // Comes every 10 s in a cluster.
            cluster.Service<Sweep>(0).SweepOnce();
        }
    }
}
