using k8s.Models;
using Orleans.StatefulSets.Grains.StatefulSets;
using Orleans.StatefulSets.Resources.Kinds;
using Orleans.StatefulSets.Resources.Objects;
using Orleans.StatefulSets.Resources.Writing;

namespace Orleans.StatefulSets.Grains.Tests.Clusters;

/// <summary>A client's write whose message, or whose answer, goes with a silo: it is carried out once, and the client hears of it.</summary>
public sealed class RepeatedWriteTests
{
    private static readonly ObjectKey Set = Sets.Key("web");

    [Theory]
    [InlineData("message")]
    [InlineData("answer")]
    [InlineData("message, and waits in vain")]
    [InlineData("answer, and waits in vain")]
    public async Task A_write_that_loses_its_message_or_its_answer_is_carried_out_once(string loses)
    {
        await using var cluster = await TestCluster.StartAsync(1);
        var lost = 0;
        bool IsLost(TracedMessage message) => message is { Interface: "IObjectGrain", Method: "Write" } && message.Key == Set.ToString() && Interlocked.Increment(ref lost) % 2 == 1;
        cluster.Trace.IsLost = message => loses == "message" && IsLost(message);
        cluster.Trace.IsAnswerLost = message => loses == "answer" && IsLost(message);
        cluster.Trace.IsAnswerAwaitedInVain = message => loses == "answer, and waits in vain" && IsLost(message);
        cluster.Trace.IsAwaitedInVain = message => loses == "message, and waits in vain" && IsLost(message);

        var created = await cluster.CreateAsync(Sets.New("web", 1));
        Assert.Equal((WriteOutcome.Created, 1L), (created.Outcome, created.Object.As<V1StatefulSet>().Metadata.Generation));
        var scaled = await cluster.ScaleAsync(Set, 2);
        Assert.Equal((WriteOutcome.Updated, created.Object.Uid), (scaled.Outcome, scaled.Object.Uid));
        await cluster.UntilAsync("two pods", replica => Sets.AreReady(replica, "web", 2), sweeping: true);
        Assert.Equal(2, cluster.Replica().Find(Set)!.As<V1StatefulSet>().Metadata.Generation);
        await cluster.DeleteAsync(Set);
        await cluster.UntilAsync("nothing left", replica => replica.Find(Set) is null && Sets.Pods(replica, "web").Count == 0, sweeping: true);
        Assert.InRange(lost, 3, int.MaxValue);
    }

    [Fact]
    public async Task A_creation_that_comes_again_brings_nothing_back()
    {
        await using var cluster = await TestCluster.StartAsync(1);
        var grain = cluster.Client.GetGrain<IStatefulSetGrain>(Set.ToString());
        var creation = new WriteRequest { Key = Set, Verb = WriteVerb.Create, Body = ObjectJson.Encode(Sets.New("web", 1)), Id = new Guid(1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 12) };
        var first = await grain.Write(creation);
        await cluster.UntilAsync("a pod", replica => Sets.AreReady(replica, "web", 1));
        await cluster.DeleteAsync(Set);
        await cluster.UntilAsync("nothing left", replica => replica.Find(Set) is null && Sets.Pods(replica, "web").Count == 0, sweeping: true);

        var again = await grain.Write(creation);

        Assert.Equal((false, first.Object!.Uid), (again.Refused, again.Object!.Uid));
        Assert.Null(await grain.ReadObject());
        Assert.Equal(WriteOutcome.Created, (await cluster.CreateAsync(Sets.New("web", 0))).Outcome);
    }

    [Fact]
    public async Task A_deletion_that_comes_again_does_not_touch_what_has_the_name_by_then()
    {
        await using var cluster = await TestCluster.StartAsync(1);
        var grain = cluster.Client.GetGrain<IStatefulSetGrain>(Set.ToString());
        var deletion = new WriteRequest { Key = Set, Verb = WriteVerb.Delete, DeleteOptions = new V1DeleteOptions { PropagationPolicy = "Background" }, Id = new Guid(1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11) };
        var first = await cluster.CreateAsync(Sets.New("web", 0));
        Assert.False((await grain.Write(deletion)).Refused);
        await cluster.UntilAsync("no set", replica => replica.Find(Set) is null, sweeping: true);
        var second = await cluster.CreateAsync(Sets.New("web", 1));

        var again = await grain.Write(deletion);

        Assert.Equal((false, first.Object.Uid), (again.Refused, again.Object!.Uid));
        await cluster.UntilAsync("a pod of the new one", replica => Sets.AreReady(replica, "web", 1));
        Assert.Equal(second.Object.Uid, (await grain.ReadObject())!.Object!.Uid);
    }
}
