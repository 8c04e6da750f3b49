using Orleans.StatefulSets.Grains.Journal;
using Orleans.StatefulSets.Grains.Replicas;
using Orleans.StatefulSets.Grains.Tests.Objects;
using Orleans.StatefulSets.Resources.Errors;
using Orleans.StatefulSets.Resources.Kinds;
using Orleans.StatefulSets.Resources.Objects;

namespace Orleans.StatefulSets.Grains.Tests.Replicas;

public sealed class ReplicaTests
{
    private static readonly string ConfigMaps = ResourceKinds.ConfigMaps.Resource;

    private readonly Replica replica = new(new JournalOptions(), _ => Task.FromResult(0L), TimeProvider.System);

    [Fact]
    public void Watches_see_the_order_of_the_commits_with_what_was_before()
    {
        replica.Load([Samples.ConfigMap("a", 1)], 1);
        using var watch = replica.Watch(ConfigMaps, null, 1);

        replica.Apply(Samples.Slice(4, Samples.Put("b", 2), Samples.Put("a", 3), Samples.Gone("b", 4)));

        Assert.Equal(["Added b@2", "Modified a@3 was 1", "Deleted b@4 was 2"], Read(watch));
        Assert.Equal(4, watch.Progress);
    }

    [Fact]
    public void A_watch_of_the_past_begins_where_it_asked()
    {
        replica.Load([], 10);
        replica.Apply(Samples.Slice(13, Samples.Put("a", 11), Samples.Put("b", 12), Samples.Put("a", 13)));

        using var watch = replica.Watch(ConfigMaps, null, 11);

        Assert.Equal(["Added b@12", "Modified a@13 was 11"], Read(watch));
    }

    [Fact]
    public void A_watch_of_a_forgotten_past_is_expired()
    {
        replica.Load([], 10);

        var refusal = Assert.Throws<ApiException>(() => replica.Watch(ConfigMaps, null, 9));

        Assert.Equal((410, "Expired", "too old resource version: 9 (10)"), (refusal.Code, refusal.Reason, refusal.Message));
    }

    // What was deleted while it was read is missing in it, and is no change of it: nobody may go on from before that.
    [Fact]
    public void A_copy_that_was_read_while_things_went_on_shows_nothing_of_that_time()
    {
        replica.Load([Samples.ConfigMap("a", 10)], 10, settled: 12);
        Assert.False(replica.Loaded.IsCompleted);
        Assert.Equal(410, Assert.Throws<ApiException>(() => replica.Watch(ConfigMaps, null, 10)).Code);

        // The deletion of something that was missed already is the 11th.
        replica.Apply(Samples.Slice(12, Samples.Gone("b", 11), Samples.Put("a", 12)));

        Assert.True(replica.Loaded.IsCompleted);
        Assert.Equal(410, Assert.Throws<ApiException>(() => replica.Watch(ConfigMaps, null, 11)).Code);
        Assert.Null(replica.SnapshotAt(ConfigMaps, 11));
        using var watch = replica.Watch(ConfigMaps, null, 12);
        replica.Apply(Samples.Slice(13, Samples.Put("a", 13)));
        Assert.Equal(["Modified a@13 was 12"], Read(watch));
    }

    [Fact]
    public async Task Who_waited_in_vain_for_a_version_is_not_kept()
    {
        var version = new FollowedVersion();
        version.Advance(1);

        await version.ReachesAsync(1, TimeSpan.Zero, CancellationToken.None);
        await Assert.ThrowsAsync<TimeoutException>(() => version.ReachesAsync(1_000_000, TimeSpan.FromMilliseconds(1), CancellationToken.None));
        Assert.Equal(0, version.Waiting);

        var waiting = version.ReachesAsync(3, Timeout.InfiniteTimeSpan, CancellationToken.None);
        version.Advance(2);
        Assert.False(waiting.IsCompleted);
        version.Advance(4);
        await waiting;
        Assert.Equal((4, 0), (version.Value, version.Waiting));
    }

    [Fact]
    public void Progress_goes_on_with_what_does_not_concern_the_watch()
    {
        replica.Load([], 0);
        using var watch = replica.Watch(ResourceKinds.Pods.Resource, null, 0);

        replica.Apply(Samples.Slice(2, Samples.Put("a", 1), Samples.Put("b", 2)));

        Assert.Empty(Read(watch));
        Assert.Equal(2, watch.Progress);
    }

    [Fact]
    public async Task A_gap_ends_those_who_watched_before_it_and_forgets_the_past()
    {
        replica.Load([Samples.ConfigMap("a", 1)], 1);
        using var watch = replica.Watch(ConfigMaps, null, 1);

        replica.Load([Samples.ConfigMap("b", 90)], 100);

        Assert.False(await watch.WaitToReadAsync(CancellationToken.None));
        Assert.Throws<ApiException>(() => replica.Watch(ConfigMaps, null, 99));
        Assert.Equal(100, replica.Head);
        Assert.Null(replica.Find(Samples.ConfigMapKey("a")));
        Assert.Equal(90, replica.Find(Samples.ConfigMapKey("b"))!.ResourceVersion);
    }

    [Fact]
    public void After_a_gap_the_indexes_let_go_of_what_went_meanwhile()
    {
        var unfinished = new UnfinishedIndex(replica);
        var nodes = new NodeIndex(replica);
        replica.Load([Samples.Stored(Samples.Pod("web-0", "node-1"), 1), Samples.Stored(Samples.Pod("web-1", "node-1"), 2), Samples.Stored(Samples.Pod("web-2", "node-1"), 3)], 3);

        replica.Load([Samples.Stored(Samples.Pod("web-1", "node-1"), 2), Samples.Stored(Samples.Pod("web-2", "node-2", uid: "another"), 9)], 10);

        Assert.Equal(["web-1", "web-2"], unfinished.Keys().Select(key => key.Name).Order());
        Assert.Equal(["web-1"], nodes.PodsOn("node-1").Select(key => key.Name));
        Assert.Equal(["web-2"], nodes.PodsOn("node-2").Select(key => key.Name));
    }

    [Fact]
    public void A_slice_that_comes_twice_changes_nothing_the_second_time()
    {
        var slice = Samples.Slice(2, Samples.Put("a", 1), Samples.Gone("a", 2));
        replica.Load([], 0);
        replica.Apply(slice);
        using var watch = replica.Watch(ConfigMaps, null, 2);

        replica.Apply(slice);
        replica.Apply(Samples.Slice(1, Samples.Put("a", 1)));

        Assert.Null(replica.Find(Samples.ConfigMapKey("a")));
        Assert.Empty(Read(watch));
        Assert.Equal(2, replica.Head);
    }

    [Fact]
    public async Task Whoever_waits_for_a_version_goes_on_when_the_indexes_know_it_too()
    {
        replica.Load([], 0);
        List<bool> early = [];
        replica.Applied += _ => early.Add(replica.WaitForVersionAsync(1, TimeSpan.FromSeconds(30), CancellationToken.None).IsCompleted);

        replica.Apply(Samples.Slice(1, Samples.Put("a", 1)));

        Assert.Equal([false], early);
        await replica.WaitForVersionAsync(1, TimeSpan.FromSeconds(30), CancellationToken.None);
    }

    [Fact]
    public async Task A_version_that_does_not_come_times_out_as_too_large()
    {
        replica.Load([], 7);

        var refusal = await Assert.ThrowsAsync<ApiException>(() => replica.WaitForVersionAsync(9, TimeSpan.Zero, CancellationToken.None));

        Assert.Equal((504, "Timeout: Too large resource version: 9, current: 7"), (refusal.Code, refusal.Message));
        Assert.Equal("ResourceVersionTooLarge", Assert.Single(refusal.Status.Details.Causes).Reason);
    }

    [Fact]
    public void A_snapshot_stays_and_is_found_again_by_its_version()
    {
        replica.Load([Samples.ConfigMap("a", 1)], 1);
        var first = replica.Snapshot(ConfigMaps);
        replica.Apply(Samples.Slice(2, Samples.Put("b", 2)));

        Assert.Equal((1, 1), (first.ResourceVersion, first.Count(null)));
        Assert.Equal(["a"], Names(replica.SnapshotAt(ConfigMaps, 1)!.List(null)));
        Assert.Equal(["b"], Names(replica.SnapshotAt(ConfigMaps, 2)!.List(null, "default/a")));
        Assert.Null(replica.SnapshotAt(ConfigMaps, 3));
    }

    [Fact]
    public void A_list_of_a_namespace_ends_where_the_namespace_ends()
    {
        replica.Load([Samples.ConfigMap("a", 1, space: "a"), Samples.ConfigMap("b", 2, space: "b"), Samples.ConfigMap("c", 3, space: "b"), Samples.ConfigMap("d", 4, space: "c")], 4);
        var snapshot = replica.Snapshot(ConfigMaps);

        Assert.Equal(["b", "c"], Names(snapshot.List("b")));
        Assert.Equal(["c"], Names(snapshot.List("b", "b/b")));
        Assert.Equal(2, snapshot.Count("b"));
        Assert.Equal(["a", "b", "c", "d"], Names(snapshot.List(null)));
    }

    [Fact]
    public async Task It_counts_as_loaded_once_it_was_filled()
    {
        Assert.False(replica.Loaded.IsCompleted);
        replica.Load([], 0);
        await replica.Loaded;
    }

    private static IEnumerable<string> Names(IEnumerable<StoredObject> items) => items.Select(item => item.Key.Name);

    private static List<string> Read(IReplicaWatch watch)
    {
        List<string> read = [];
        while (watch.TryRead(out var change))
        {
            read.Add($"{change.Type} {change.Object.Key.Name}@{change.Object.ResourceVersion}{(change.Previous is { } previous ? $" was {previous.ResourceVersion}" : "")}");
        }

        return read;
    }
}
