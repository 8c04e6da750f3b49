using Orleans.StatefulSets.Grains.Tests.Clusters;

namespace Orleans.StatefulSets.Grains.Tests.Scheduling;

public sealed class LostSelectionTests
{
    [Fact]
    public async Task A_claim_that_never_heard_of_the_node_chosen_for_it_is_told_again()
    {
        await using var cluster = await TestCluster.StartAsync(1);
        var lost = 0;
        cluster.Trace.IsLost = message => message.Method == "SelectNode" && Interlocked.Increment(ref lost) <= 2;

        await cluster.CreateAsync(Sets.New("web", 1, claims: true));
        await cluster.UntilAsync("a ready pod", replica => Sets.AreReady(replica, "web", 1), sweeping: true);

        Assert.InRange(lost, 3, int.MaxValue);
    }
}
