using Orleans.StatefulSets.Grains.Messages;
using Orleans.StatefulSets.Grains.Objects;
using Orleans.StatefulSets.Grains.Tests.Clusters;
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

    // "namespaces \"gone\" not found" (the NamespaceLifecycle admission plugin): also for who was admitted while it was still there.
    [Fact]
    public async Task What_comes_into_a_namespace_that_is_gone_is_refused_as_not_found()
    {
        await using var cluster = await TestCluster.StartAsync(2);
        var set = Sets.New("late", 1);
        set = set with { Metadata = set.Metadata with { NamespaceProperty = "gone" } };

        var reply = await cluster.Service<ObjectRoutes>(0).Find(ResourceKinds.StatefulSets.Key("gone", "late"))!.Create(new Model(set));

        var refusal = reply.ToException();
        Assert.Equal((404, "namespaces \"gone\" not found"), (refusal.Code, refusal.Message));
    }
}
