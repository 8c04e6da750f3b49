using Orleans.StatefulSets.Grains.Tests.Clusters;
using Orleans.StatefulSets.Resources.Kinds;

namespace Orleans.StatefulSets.Grains.Tests.StatefulSets;

/// <summary>A set whose stored status says that all is well, and which never heard that it is not.</summary>
public sealed class LostObservationTests
{
    [Theory]
    [InlineData("OrderedReady")]
    [InlineData("Parallel")]
    public async Task A_set_that_never_heard_of_the_end_of_a_pod_makes_it_good_all_the_same(string policy)
    {
        await using var cluster = await TestCluster.StartAsync(1);
        await cluster.CreateAsync(Sets.New("web", 3, policy));
        await cluster.UntilAsync("three ready pods", replica => Sets.AreReady(replica, "web", 3) && IsSettled(replica));
        var before = Sets.Uids(cluster.Replica(), "web");
        var lost = 0;
        cluster.Trace.IsLost = message => message is { Method: "Observe", Item.Key: { Resource: "pods", Name: "web-1" } } && message.Key == Sets.Key("web").ToString() && Interlocked.Increment(ref lost) > 0;

        await cluster.DeleteAsync(ResourceKinds.Pods.Key("default", "web-1"));
        await cluster.UntilAsync("another web-1", replica => Sets.Uids(replica, "web").GetValueOrDefault("web-1") is { } uid && uid != before["web-1"], sweeping: true);

        Assert.NotEqual(0, lost);
    }

    private static bool IsSettled(Grains.Replicas.Replica replica) =>
        replica.Find(Sets.Key("web"))?.As<k8s.Models.V1StatefulSet>().Status is { ReadyReplicas: 3, AvailableReplicas: 3 };
}
