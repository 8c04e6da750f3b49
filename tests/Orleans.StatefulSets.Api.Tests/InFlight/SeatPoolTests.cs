using Orleans.StatefulSets.Api.InFlight;

namespace Orleans.StatefulSets.Api.Tests.InFlight;

public sealed class SeatPoolTests
{
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(1);

    [Fact]
    public async Task What_finds_no_seat_waits_and_is_seated_in_the_order_of_coming()
    {
        var pool = Pool(seats: 1, places: 2);
        var first = await pool.TryTakeAsync(1, default);
        var second = pool.TryTakeAsync(1, default).AsTask();
        var third = pool.TryTakeAsync(1, default).AsTask();

        Assert.False(second.IsCompleted);
        first!.Dispose();
        (await second)!.Dispose();
        (await third)!.Dispose();
        Assert.Equal(0, pool.Taken);
    }

    [Fact]
    public async Task Beyond_the_queue_a_request_is_refused_at_once()
    {
        var pool = Pool(seats: 1, places: 1);
        using var first = await pool.TryTakeAsync(1, default);
        var second = pool.TryTakeAsync(1, default).AsTask();

        Assert.Null(await pool.TryTakeAsync(1, default));
        Assert.False(second.IsCompleted);
    }

    [Fact]
    public async Task Who_waits_too_long_is_refused_and_leaves_the_queue()
    {
        var pool = new SeatPool(1, 1, TimeSpan.FromMilliseconds(1), TimeProvider.System);
        var first = await pool.TryTakeAsync(1, default);

        Assert.Null(await pool.TryTakeAsync(1, default));
        first!.Dispose();
        Assert.Equal(0, pool.Taken);
        Assert.NotNull(await pool.TryTakeAsync(1, default));
    }

    [Fact]
    public async Task Who_is_given_up_while_waiting_takes_no_seat()
    {
        var pool = Pool(seats: 1, places: 1);
        var first = await pool.TryTakeAsync(1, default);
        using var client = new CancellationTokenSource();
        var second = pool.TryTakeAsync(1, client.Token).AsTask();

        await client.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => second);
        first!.Dispose();
        Assert.Equal(0, pool.Taken);
    }

    [Fact]
    public async Task A_wide_request_is_not_overtaken_for_ever_by_narrow_ones()
    {
        var pool = Pool(seats: 2, places: 2);
        var narrow = await pool.TryTakeAsync(1, default);
        var wide = pool.TryTakeAsync(5, default).AsTask();
        var late = pool.TryTakeAsync(1, default).AsTask();

        Assert.False(late.IsCompleted);
        narrow!.Dispose();
        var seat = await wide;
        Assert.Equal(2, pool.Taken);
        Assert.False(late.IsCompleted);
        seat!.Dispose();
        Assert.NotNull(await late);
    }

    [Fact]
    public async Task A_seat_is_held_until_the_work_has_ended_that_its_request_began()
    {
        var pool = Pool(seats: 1, places: 0);
        var seat = await pool.TryTakeAsync(1, default);
        var work = new TaskCompletionSource();
        seat!.HoldUntil(work.Task);

        seat.Dispose();
        Assert.Equal(1, pool.Taken);
        work.SetException(new InvalidOperationException());
        Assert.Equal(0, pool.Taken);
    }

    [Fact]
    public async Task Under_many_at_once_no_more_are_seated_than_there_are_seats_and_none_is_lost()
    {
        const int requests = 2_000;
        var pool = Pool(seats: 7, places: requests);
        var (seated, most) = (0, 0);

        await Task.WhenAll(Enumerable.Range(0, requests).Select(_ => Task.Run(async () =>
        {
            using var seat = await pool.TryTakeAsync(1, default);
            Assert.NotNull(seat);
            InterlockedMax(ref most, Interlocked.Increment(ref seated));
            await Task.Yield();
            Interlocked.Decrement(ref seated);
        })));

        Assert.InRange(most, 1, 7);
        Assert.Equal(0, pool.Taken);
    }

    private static SeatPool Pool(int seats, int places) => new(seats, places, Patience, TimeProvider.System);

    private static void InterlockedMax(ref int most, int value)
    {
        for (var seen = Volatile.Read(ref most); value > seen;)
        {
            seen = Interlocked.CompareExchange(ref most, value, seen) is var other && other == seen ? value : other;
        }
    }
}
