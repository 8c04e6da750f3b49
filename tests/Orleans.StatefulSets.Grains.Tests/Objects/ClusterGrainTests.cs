using Orleans.StatefulSets.Grains.Tests.Clusters;

namespace Orleans.StatefulSets.Grains.Tests.Objects;

public sealed class ClusterGrainTests
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    [Fact]
    public async Task Two_grains_that_begin_at_one_moment_and_call_each_other_do_not_wait_for_each_other()
    {
        await using var cluster = await TestCluster.StartAsync(1);
        var one = cluster.Client.GetGrain<IMeetingGrain>("a+b");
        var other = cluster.Client.GetGrain<IMeetingGrain>("b+a");

        await Task.WhenAll(one.MeetAsync(), other.MeetAsync()).WaitAsync(Patience);

        Assert.True(await one.HasBeenCalledAsync().WaitAsync(Patience));
        Assert.True(await other.HasBeenCalledAsync().WaitAsync(Patience));
    }
}
