using Orleans.StatefulSets.Grains.Replicas;
using Orleans.StatefulSets.Grains.Tests.Objects;

namespace Orleans.StatefulSets.Grains.Tests.Replicas;

public sealed class ReplicaWatchTests
{
    [Fact]
    public async Task A_reader_that_waits_is_woken_by_a_change()
    {
        var watch = NewWatch();
        var waiting = watch.WaitToReadAsync(CancellationToken.None);
        Assert.False(waiting.IsCompleted);

        watch.Offer(Change("a", 1));

        Assert.True(await waiting);
        Assert.True(watch.TryRead(out var change));
        Assert.Equal("a", change.Object.Key.Name);
        Assert.False(watch.TryRead(out _));
    }

    [Fact]
    public void Another_namespaces_changes_are_not_offered()
    {
        var watch = NewWatch("default");
        watch.Offer(Change("a", 1, "other"));
        watch.Offer(Change("b", 2));

        Assert.True(watch.TryRead(out var change));
        Assert.Equal("b", change.Object.Key.Name);
    }

    [Fact]
    public async Task A_reader_that_is_too_slow_is_ended_with_nothing_left_to_read()
    {
        var watch = NewWatch(capacity: 2);
        watch.Offer(Change("a", 1));
        watch.Offer(Change("a", 2));
        watch.Offer(Change("a", 3));

        Assert.False(await watch.WaitToReadAsync(CancellationToken.None));
        Assert.False(watch.TryRead(out _));
        watch.Offer(Change("a", 4));
        Assert.False(watch.TryRead(out _));
    }

    [Fact]
    public async Task What_was_offered_before_the_end_can_still_be_read()
    {
        var watch = NewWatch();
        watch.Offer(Change("a", 1));
        watch.End();

        Assert.True(await watch.WaitToReadAsync(CancellationToken.None));
        Assert.True(watch.TryRead(out _));
        Assert.False(await watch.WaitToReadAsync(CancellationToken.None));
    }

    [Fact]
    public async Task A_reader_that_waits_is_told_of_the_end()
    {
        var watch = NewWatch();
        var waiting = watch.WaitToReadAsync(CancellationToken.None);

        watch.Dispose();

        Assert.False(await waiting);
    }

    [Fact]
    public async Task A_cancelled_wait_leaves_the_watch_as_it_is()
    {
        var watch = NewWatch();
        using var cancellation = new CancellationTokenSource();
        var waiting = watch.WaitToReadAsync(cancellation.Token);
        await cancellation.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(async () => await waiting);

        watch.Offer(Change("a", 1));

        Assert.True(await watch.WaitToReadAsync(CancellationToken.None));
    }

    [Fact]
    public void Progress_stands_before_what_is_unread_and_follows_the_replica_when_all_is_read()
    {
        var watch = NewWatch();
        Assert.Equal(0, watch.Progress);

        watch.Offer(Change("a", 5));
        watch.Follow(9);
        Assert.Equal(4, watch.Progress);

        watch.TryRead(out _);
        Assert.Equal(9, watch.Progress);
    }

    [Fact]
    public void Progress_never_stands_before_a_change_that_was_read()
    {
        var watch = NewWatch();
        watch.Offer(Change("a", 5));
        watch.TryRead(out _);

        Assert.Equal(5, watch.Progress);
    }

    private static ReplicaWatch NewWatch(string? space = null, int capacity = 10) => new(space, capacity, 0, _ => { });

    private static ObjectChange Change(string name, long version, string space = "default") =>
        new(ChangeType.Modified, Samples.ConfigMap(name, version, space: space), null);
}
