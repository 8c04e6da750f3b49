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
}
