using Orleans.StatefulSets.Resources.Kinds;

namespace Orleans.StatefulSets.Grains.Tests.Clusters;

/// <summary>
/// A silo is lost in the middle of something: what was there stays, what was begun is completed, and no name ever stands for two pods.
/// </summary>
public sealed class LostSiloTests
{
    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task An_ordered_scale_up_goes_on_without_the_silo_of_its_set(bool kill)
    {
        await using var cluster = await TestCluster.StartAsync(3);
        await cluster.CreateAsync(Sets.New("web", 12, claims: true));
        await cluster.UntilAsync("some pods", replica => Sets.Pods(replica, "web").Count(Sets.IsReady) >= 4);

        await LoseAndCompleteAsync(cluster, message => message.Key == Sets.Key("web").ToString(), kill, 12);

        Assert.Equal(12, cluster.Replica().List(ResourceKinds.PersistentVolumeClaims.Resource, "default").Count());
        Assert.Equal(12, cluster.Replica().List(ResourceKinds.PersistentVolumes.Resource, null).Count());
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_parallel_scale_up_goes_on_without_the_silo_of_the_journal(bool kill)
    {
        await using var cluster = await TestCluster.StartAsync(3);
        await cluster.CreateAsync(Sets.New("web", 80, "Parallel"));
        await cluster.UntilAsync("some pods", replica => Sets.Pods(replica, "web").Count >= 20);

        await LoseAndCompleteAsync(cluster, message => message.Key == "objects", kill, 80);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_cascade_goes_on_without_the_silo_of_the_collector(bool kill)
    {
        await using var cluster = await TestCluster.StartAsync(3);
        await cluster.CreateAsync(Sets.New("web", 60, "Parallel"));
        await cluster.UntilAsync("60 ready pods", replica => Sets.AreReady(replica, "web", 60), sweeping: true);
        var uid = cluster.Replica().Find(Sets.Key("web"))!.Uid;
        await cluster.DeleteAsync(Sets.Key("web"));
        await cluster.UntilAsync("the first deletion", replica => replica.Find(Sets.Key("web")) is null && cluster.Trace.Messages.Any(message => message.Key == uid));
        using var history = new PodHistory(cluster.Replica(cluster.SiloWithout(message => message.Key == uid)));

        await cluster.LoseSiloOfAsync(message => message.Key == uid, kill);

        await cluster.UntilAsync("nothing left", replica => Sets.Pods(replica, "web").Count == 0, sweeping: true);
        var gone = history.Read();
        Assert.Equal(gone.Count, gone.Distinct().Count());
    }

    [Fact]
    public async Task A_silo_that_joins_serves_what_was_there_before_it()
    {
        await using var cluster = await TestCluster.StartAsync(2);
        await cluster.CreateAsync(Sets.New("web", 3));
        await cluster.UntilAsync("3 ready pods", replica => Sets.AreReady(replica, "web", 3));
        var uids = Sets.Uids(cluster.Replica(), "web");

        await cluster.StartAnotherAsync();

        Assert.Equal(uids, Sets.Uids(cluster.Replica(2), "web"));
        await cluster.ScaleAsync(Sets.Key("web"), 6, silo: 2);
        await cluster.UntilAsync("6 ready pods", _ => Sets.AreReady(cluster.Replica(2), "web", 6));
        Assert.All(uids, pod => Assert.Equal(pod.Value, Sets.Uids(cluster.Replica(), "web")[pod.Key]));
    }

    private static async Task LoseAndCompleteAsync(TestCluster cluster, Func<TracedMessage, bool> grain, bool kill, int pods)
    {
        var survivor = cluster.Replica(cluster.SiloWithout(grain));
        using var history = new PodHistory(survivor);
        var before = Sets.Uids(survivor, "web");
        Assert.InRange(before.Count, 1, pods - 1);

        await cluster.LoseSiloOfAsync(grain, kill);

        await cluster.UntilAsync($"{pods} ready pods", replica => Sets.AreReady(replica, "web", pods), sweeping: true);
        var after = Sets.Uids(cluster.Replica(), "web");
        Assert.All(before, pod => Assert.Equal(pod.Value, after[pod.Key]));
        Assert.Equal(Enumerable.Range(0, pods).Select(ordinal => $"web-{ordinal}").Order(), after.Keys.Order());
        Assert.Empty(history.Read());
    }
}
