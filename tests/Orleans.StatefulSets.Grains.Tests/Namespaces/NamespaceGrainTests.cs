using k8s.Models;
using Orleans.StatefulSets.Grains.Tests.Clusters;
using Orleans.StatefulSets.Grains.Tests.Objects;
using Orleans.StatefulSets.Grains.Time;
using Orleans.StatefulSets.Resources.Kinds;

namespace Orleans.StatefulSets.Grains.Tests.Namespaces;

public sealed class NamespaceGrainTests
{
    // "If the default ServiceAccount object is deleted, the control plane replaces it with a new one" (Service Accounts).
    [Fact]
    public async Task What_every_namespace_has_comes_again()
    {
        await using var cluster = await TestCluster.StartAsync(2);
        foreach (var key in (ObjectKey[])[ResourceKinds.ServiceAccounts.Key("default", "default"), ResourceKinds.ConfigMaps.Key("default", "kube-root-ca.crt")])
        {
            await cluster.UntilAsync($"{key}", replica => replica.Find(key) is not null);
            var before = cluster.Replica().Find(key)!.Uid;

            await cluster.DeleteAsync(key);

            await cluster.UntilAsync($"another {key}", replica => replica.Find(key) is { } again && again.Uid != before);
        }
    }

    [Fact]
    public async Task A_namespace_that_waits_for_a_finalizer_looks_again_once_however_often_it_is_nudged()
    {
        var clock = new ManualClock(new DateTime(2025, 6, 1, 12, 0, 0, DateTimeKind.Utc));
        await using var cluster = await TestCluster.StartAsync(1, clock);
        await cluster.CreateAsync(new V1Namespace { ApiVersion = "v1", Kind = "Namespace", Metadata = new V1ObjectMeta { Name = "old" } });
        await cluster.CreateAsync(Samples.Pod("held") with { Metadata = new V1ObjectMeta { Name = "held", NamespaceProperty = "old", Finalizers = ["example.com/hold"] }, Status = null! });
        var wheel = cluster.Service<TimingWheel>(0);
        var key = ResourceKinds.Namespaces.Key("", "old");
        await cluster.DeleteAsync(key);
        await cluster.UntilAsync("the pod is to go", replica => replica.List("pods", "old").All(pod => pod.Metadata.DeletionTimestamp is not null), sweeping: true);

        var waiting = wheel.Count;
        var grain = cluster.Service<Grains.Objects.ObjectRoutes>(0).Find(key)!;
        for (var i = 1; i <= 50; i++)
        {
            clock.Advance(TimeSpan.FromMilliseconds(10));
            await grain.Nudge();
        }

        Assert.InRange(wheel.Count, 0, waiting + 3);
    }
}
