using Orleans.StatefulSets.Grains.Journal;
using Orleans.StatefulSets.Grains.Replicas;
using Orleans.StatefulSets.Grains.Tests.Objects;

namespace Orleans.StatefulSets.Grains.Tests.Replicas;

public sealed class ReplicaWatchTests
{
    private readonly ChangeChain chain = new();

    [Fact]
    public async Task A_reader_that_waits_is_woken_by_a_change()
    {
        var watch = NewWatch();
        var waiting = watch.WaitToReadAsync(CancellationToken.None);
        Assert.False(waiting.IsCompleted);

        Offer(watch, Change("a", 1));

        Assert.True(await waiting);
        Assert.True(watch.TryRead(out var change));
        Assert.Equal("a", change.Object.Key.Name);
        Assert.False(watch.TryRead(out _));
    }

    [Fact]
    public void Another_namespaces_changes_are_not_offered()
    {
        var watch = NewWatch(space: "default");
        Offer(watch, Change("a", 1, "other"));
        Offer(watch, Change("b", 2));

        Assert.True(watch.TryRead(out var change));
        Assert.Equal("b", change.Object.Key.Name);
    }

    [Fact]
    public async Task A_reader_that_is_too_slow_is_ended_with_nothing_left_to_read()
    {
        var watch = NewWatch(new JournalOptions { WatchBuffer = 2 });
        Offer(watch, Change("a", 1));
        Offer(watch, Change("a", 2));
        Offer(watch, Change("a", 3));

        Assert.False(await watch.WaitToReadAsync(CancellationToken.None));
        Assert.False(watch.TryRead(out _));
        Offer(watch, Change("a", 4));
        Assert.False(watch.TryRead(out _));
    }

    [Fact]
    public async Task What_was_offered_before_the_end_can_still_be_read()
    {
        var watch = NewWatch();
        Offer(watch, Change("a", 1));
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

        Offer(watch, Change("a", 1));

        Assert.True(await watch.WaitToReadAsync(CancellationToken.None));
    }

    [Fact]
    public void Progress_stands_before_what_is_unread_and_follows_the_replica_when_all_is_read()
    {
        var watch = NewWatch();
        Assert.Equal(0, watch.Progress);

        Offer(watch, Change("a", 5));
        watch.Follow(9);
        Assert.Equal(4, watch.Progress);

        watch.TryRead(out _);
        Assert.Equal(9, watch.Progress);
    }

    [Fact]
    public void Progress_never_stands_before_a_change_that_was_read()
    {
        var watch = NewWatch();
        Offer(watch, Change("a", 5));
        watch.TryRead(out _);

        Assert.Equal(5, watch.Progress);
    }

    [Fact]
    public async Task A_reader_that_lags_too_many_bytes_is_ended()
    {
        var size = Change("a", 1).Object.Payload.Length;
        var watch = NewWatch(new JournalOptions { WatchBufferBytes = (2 * size) + 10 });
        Offer(watch, Change("a", 1));
        Offer(watch, Change("a", 2));
        Assert.True(watch.TryRead(out _));
        Offer(watch, Change("a", 3));
        Assert.True(await watch.WaitToReadAsync(CancellationToken.None));
        Offer(watch, Change("a", 4));

        Assert.False(await watch.WaitToReadAsync(CancellationToken.None));
        Assert.False(watch.TryRead(out _));
    }

    [Fact]
    public void Other_namespaces_changes_do_not_count_against_a_reader()
    {
        var watch = NewWatch(new JournalOptions { WatchBuffer = 2 }, "default");
        for (var version = 1; version < 10; version++)
        {
            Offer(watch, Change("a", version, "other"));
        }

        Offer(watch, Change("b", 10));

        Assert.True(watch.TryRead(out var change));
        Assert.Equal(10, change.Object.ResourceVersion);
    }

    [Fact]
    public void What_was_before_the_watch_began_comes_first()
    {
        var watch = new ReplicaWatch("default", new JournalOptions(), [Change("a", 1), Change("a", 2, "other"), Change("b", 3)], (chain.Tail, 3), _ => { });
        Offer(watch, Change("c", 4));

        Assert.Equal(0, watch.Progress);
        Assert.Equal([1, 3, 4], Read(watch).Select(change => change.Object.ResourceVersion));
        Assert.Equal(4, watch.Progress);
    }

    [Fact]
    public void What_all_have_read_is_let_go()
    {
        var watch = NewWatch();
        var change = OfferAndReadTwo(watch);

        GC.Collect();

        Assert.False(change.TryGetTarget(out _));
        GC.KeepAlive(watch);
    }

    [System.Runtime.CompilerServices.MethodImpl(System.Runtime.CompilerServices.MethodImplOptions.NoInlining)]
    private WeakReference<object> OfferAndReadTwo(ReplicaWatch watch)
    {
        var change = Change("a", 1);
        Offer(watch, change);
        Offer(watch, Change("b", 2));
        Assert.Equal(2, Read(watch).Count);
        return new WeakReference<object>(change.Object);
    }

    private static List<ObjectChange> Read(ReplicaWatch watch)
    {
        List<ObjectChange> read = [];
        while (watch.TryRead(out var change))
        {
            read.Add(change);
        }

        return read;
    }

    private ReplicaWatch NewWatch(JournalOptions? bounds = null, string? space = null) => new(space, bounds ?? new JournalOptions(), [], (chain.Tail, 0), _ => { });

    private void Offer(ReplicaWatch watch, ObjectChange change) => watch.Offer(chain.Add(change));

    private static ObjectChange Change(string name, long version, string space = "default") =>
        new(ChangeType.Modified, Samples.ConfigMap(name, version, space: space), null);
}
