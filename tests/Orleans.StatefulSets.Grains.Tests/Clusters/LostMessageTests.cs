using Orleans.StatefulSets.Resources.Kinds;

namespace Orleans.StatefulSets.Grains.Tests.Clusters;

/// <summary>A message is lost with a connection, and no silo with it: the sweep makes it good.</summary>
public sealed class LostMessageTests
{
    // Orleans gives a read up after 15 s.
    private static readonly TimeSpan AskedAgain = TimeSpan.FromSeconds(10);

    [Fact]
    public async Task A_read_of_the_journal_that_nobody_answers_is_asked_again_long_before_it_would_be_given_up()
    {
        await using var cluster = await TestCluster.StartAsync(2);
        var swallowed = 0;
        cluster.Trace.IsSwallowed = message => message is { Interface: "IJournalGrain", Key: "objects", Method: "Read" } && Interlocked.Increment(ref swallowed) <= 2;
        await cluster.UntilAsync("both silos' reads lost", _ => Volatile.Read(ref swallowed) >= 2);
        var lost = TimeProvider.System.GetTimestamp();

        await cluster.CreateAsync(Sets.New("web", 1));
        await cluster.UntilAsync("a ready pod", replica => Sets.AreReady(replica, "web", 1), sweeping: true);

        Assert.True(TimeProvider.System.GetElapsedTime(lost) < AskedAgain);
    }

    [Fact]
    public async Task A_volume_that_did_not_hear_of_its_claims_end_goes_all_the_same()
    {
        await using var cluster = await TestCluster.StartAsync(2);
        await cluster.CreateAsync(Sets.New("web", 1, claims: true));
        await cluster.UntilAsync("a ready pod", replica => Sets.AreReady(replica, "web", 1));
        var claim = ResourceKinds.PersistentVolumeClaims.Key("default", "data-web-0");
        await cluster.ScaleAsync(Sets.Key("web"), 0);
        await cluster.UntilAsync("no pod", replica => Sets.Pods(replica, "web").Count == 0);

        cluster.Trace.IsLost = message => message.Key.StartsWith("persistentvolumes/", StringComparison.Ordinal) && message.Item?.Key == claim && message.Deleted;
        await cluster.DeleteAsync(claim);
        await cluster.UntilAsync("the claim's end", replica => replica.Find(claim) is null, sweeping: true);

        await cluster.UntilAsync("the volume's end", replica => !replica.List(ResourceKinds.PersistentVolumes.Resource, null).Any(), sweeping: true);
        Assert.Contains(cluster.Trace.Messages, cluster.Trace.IsLost.Invoke);
    }
}
