using Orleans.StatefulSets.Grains.Time;
using Orleans.StatefulSets.Reconciliation.Nodes;
using Orleans.StatefulSets.Resources.Kinds;

namespace Orleans.StatefulSets.Grains.Tests.Clusters;

public sealed class PlacementTests
{
    [Fact]
    public async Task Sets_pods_claims_and_nodes_live_on_every_silo_though_one_client_made_them_all()
    {
        await using var cluster = await TestCluster.StartAsync(3);

        // The first three were made while the first silo was alone, and stay there.
        for (var i = 4; i <= 12; i++)
        {
            await cluster.CreateAsync(NodeObjects.New(i, new NodeOptions(), cluster.Service<ClusterClock>(0).NowSeconds));
        }

        for (var i = 0; i < 8; i++)
        {
            await cluster.CreateAsync(Sets.New($"set-{i}", 3, "Parallel", claims: true));
        }

        await cluster.UntilAsync("8 sets of 3", replica => Enumerable.Range(0, 8).All(i => Sets.AreReady(replica, $"set-{i}", 3)));

        var statistics = await cluster.Client.GetGrain<IManagementGrain>(0).GetDetailedGrainStatistics();
        foreach (var resource in (string[])["statefulsets.apps/", "pods/", "persistentvolumeclaims/", "persistentvolumes/", "nodes/"])
        {
            var silos = statistics.Where(grain => grain.GrainId.Key.ToString()!.StartsWith(resource, StringComparison.Ordinal))
                .GroupBy(grain => grain.SiloAddress).ToDictionary(group => group.Key, group => group.Count());
            Assert.True(silos.Count == 3, $"{resource}: {string.Join(", ", silos.Values)}");
        }

        Assert.Equal(24, cluster.Replica().List(ResourceKinds.PersistentVolumes.Resource, null).Count());
    }
}
