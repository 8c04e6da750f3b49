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

    // A claim that is being deleted blocks its ordinal until it is gone.
    [Fact]
    public async Task A_set_that_never_heard_of_the_end_of_a_claim_makes_the_pod_all_the_same()
    {
        await using var cluster = await TestCluster.StartAsync(1);
        await cluster.CreateAsync(Sets.New("web", 1, claims: true));
        await cluster.UntilAsync("a ready pod", replica => Sets.AreReady(replica, "web", 1));
        var claim = ResourceKinds.PersistentVolumeClaims.Key("default", "data-web-0");
        var before = cluster.Replica().Find(claim)!.Uid;
        var lost = 0;
        cluster.Trace.IsLost = message => message is { Method: "Observe", Deleted: true, Item.Key.Resource: "persistentvolumeclaims" } && message.Key == Sets.Key("web").ToString() && Interlocked.Increment(ref lost) > 0;

        await cluster.DeleteAsync(claim);
        await cluster.DeleteAsync(ResourceKinds.Pods.Key("default", "web-0"));
        await cluster.UntilAsync(
            "another claim and another pod", replica => replica.Find(claim) is { } item && item.Uid != before && Sets.AreReady(replica, "web", 1), sweeping: true);

        Assert.NotEqual(0, lost);
    }

    // Nobody tells a set that a revision has another controller by now.
    [Fact]
    public async Task A_set_whose_revision_went_to_another_rolls_back_all_the_same()
    {
        await using var cluster = await TestCluster.StartAsync(1);
        await cluster.CreateAsync(Sets.New("other", 1));
        await cluster.CreateAsync(Sets.New("web", 1));
        await cluster.UntilAsync("ready pods", replica => Sets.AreReady(replica, "web", 1) && Sets.AreReady(replica, "other", 1));
        var first = cluster.Replica().List(ResourceKinds.ControllerRevisions.Resource, "default").Single(item => item.Key.Name.StartsWith("web-", StringComparison.Ordinal));
        await cluster.PatchAsync(Sets.Key("web"), Image("nginx:2"));
        await cluster.UntilAsync("the update", replica => Sets.AreReady(replica, "web", 1) && ImageOf(replica) == "nginx:2");

        var other = cluster.Replica().Find(Sets.Key("other"))!;
        await cluster.PatchAsync(
            first.Key,
            $$$"""{"metadata":{"ownerReferences":[{"apiVersion":"apps/v1","kind":"StatefulSet","name":"other","uid":"{{{other.Uid}}}","controller":true}]}}""");
        await cluster.PatchAsync(Sets.Key("web"), Image("nginx"));

        await cluster.UntilAsync("the way back", replica => Sets.AreReady(replica, "web", 1) && ImageOf(replica) == "nginx", sweeping: true);
    }

    private static string Image(string image) => """{"spec":{"template":{"spec":{"containers":[{"name":"nginx","image":"IMAGE"}]}}}}""".Replace("IMAGE", image, StringComparison.Ordinal);

    private static string ImageOf(Grains.Replicas.Replica replica) => Sets.Pods(replica, "web").Single().Spec.Containers.Single().Image;

    private static bool IsSettled(Grains.Replicas.Replica replica) =>
        replica.Find(Sets.Key("web"))?.As<k8s.Models.V1StatefulSet>().Status is { ReadyReplicas: 3, AvailableReplicas: 3 };
}
