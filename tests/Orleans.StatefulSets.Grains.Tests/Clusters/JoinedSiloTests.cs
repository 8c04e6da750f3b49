using k8s.Models;
using Orleans.StatefulSets.Grains.Cluster;
using Orleans.StatefulSets.Grains.Tests.Streaming;
using Orleans.StatefulSets.Resources.Kinds;

namespace Orleans.StatefulSets.Grains.Tests.Clusters;

/// <summary>Nodes never idle: those without pods go over to a silo that joins.</summary>
public sealed class JoinedSiloTests
{
    private const int Nodes = 40;
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    [Fact]
    public async Task A_silo_that_joins_takes_its_share_of_the_nodes_but_none_that_has_pods()
    {
        await using var cluster = await TestCluster.StartAsync(1);
        for (var number = 0; number < Nodes; number++)
        {
            await cluster.CreateAsync(new V1Node { ApiVersion = "v1", Kind = "Node", Metadata = new V1ObjectMeta { Name = $"n{number}" } });
        }

        var pod = await Insides.RunAsync(cluster, Insides.New("busy", "busybox", "sleep", "100000"));
        await using var process = await Insides.BeginAsync(cluster, 0, "busy", "sh", "-c", "echo up; sleep 100000");
        Assert.Equal("up\n", await Insides.ReadAsync(process));
        var end = Insides.EndAsync(process);

        await cluster.StartAnotherAsync();
        await cluster.UntilAsync("both know that both take grains", _ => Enumerable.Range(0, 2).All(silo => cluster.Service<IClusterManifestProvider>(silo).Current.Silos.Count == 2));
        var began = TimeProvider.System.GetTimestamp();
        using var tick = new PeriodicTimer(TimeSpan.FromMilliseconds(100));
        while (await PlacesAsync(cluster) is var places && places.Values.Count(silo => silo == 1) < Nodes / 4)
        {
            Assert.True(TimeProvider.System.GetElapsedTime(began) < Patience, string.Join(", ", places));
            await tick.WaitForNextTickAsync();

            // Comes every 10 s in a cluster.
            for (var silo = 0; silo < cluster.Silos.Count; silo++)
            {
                cluster.Service<Sweep>(silo).SweepOnce();
            }
        }

        Assert.Equal(0, (await PlacesAsync(cluster))[pod.Spec.NodeName]);
        Assert.False(end.IsCompleted);
        await cluster.UntilAsync("all nodes", replica => replica.List(ResourceKinds.Nodes.Resource, null).Count(item => IsReady(item.As<V1Node>())) >= Nodes, sweeping: true);
    }

    private static bool IsReady(V1Node node) => node.Status?.Conditions?.Any(condition => condition is { Type: "Ready", Status: "True" }) == true;

    // The silo of each node, 0 for the first.
    private static async Task<Dictionary<string, int>> PlacesAsync(TestCluster cluster)
    {
        var grains = await cluster.Client.GetGrain<IManagementGrain>(0).GetDetailedGrainStatistics();
        return grains.Where(grain => grain.GrainType.Split(',')[0].EndsWith(".NodeGrain", StringComparison.Ordinal))
            .GroupBy(grain => ObjectKey.Parse(grain.GrainId.Key.ToString()!).Name)
            .ToDictionary(group => group.Key, group => cluster.Silos[0].SiloAddress.Equals(group.Last().SiloAddress) ? 0 : 1);
    }
}
