using System.Collections.Concurrent;
using Microsoft.Extensions.Logging.Abstractions;
using Orleans.StatefulSets.Grains.Time;

namespace Orleans.StatefulSets.Grains.Tests.Time;

public sealed class TimingWheelTests : IAsyncDisposable
{
    private static readonly DateTime Start = new(2026, 1, 1, 0, 0, 0, DateTimeKind.Utc);

    private readonly ManualClock clock = new(Start);
    private readonly TimingWheel wheel;
    private readonly ConcurrentQueue<string> rung = new();
    private readonly SemaphoreSlim bell = new(0);

    public TimingWheelTests() => wheel = new TimingWheel(clock, NullLogger<TimingWheel>.Instance);

    public ValueTask DisposeAsync() => wheel.DisposeAsync();

    [Fact]
    public async Task What_is_due_is_called_in_the_order_of_moments_and_then_of_keys()
    {
        Schedule("c", 20);
        Schedule("b", 10);
        Schedule("z", 10);
        Schedule("a", 15);
        Schedule("never", 1000);

        clock.Advance(TimeSpan.FromMilliseconds(30));

        await HeardAsync(4);
        // 15 stands on the grid's 20, with c.
        Assert.Equal(["b", "z", "a", "c"], rung);
        Assert.Equal(1, wheel.Count);
    }

    [Fact]
    public async Task An_earlier_moment_that_comes_later_is_kept()
    {
        Schedule("late", 5000);
        clock.Advance(TimeSpan.FromMilliseconds(10));
        Schedule("early", 20);

        clock.Advance(TimeSpan.FromMilliseconds(10));

        await HeardAsync(1);
        Assert.Equal(["early"], rung);
    }

    [Fact]
    public async Task A_second_wait_of_one_key_replaces_the_first_only_at_the_same_moment()
    {
        wheel.Schedule("a", Start.AddMilliseconds(10), () => Ring("replaced"));
        Schedule("a", 10);
        Schedule("a", 20);
        Assert.Equal(2, wheel.Count);

        clock.Advance(TimeSpan.FromMilliseconds(20));

        await HeardAsync(2);
        Assert.Equal(["a", "a"], rung);
    }

    [Fact]
    public async Task A_moment_of_the_past_is_due_at_once()
    {
        Schedule("past", -100);

        await HeardAsync(1);
    }

    [Fact]
    public async Task What_fails_does_not_keep_others_from_their_moment()
    {
        wheel.Schedule("a", Start.AddMilliseconds(10), () => throw new InvalidOperationException("meant to fail"));
        Schedule("b", 10);
        Schedule("c", 20);

        clock.Advance(TimeSpan.FromMilliseconds(20));

        await HeardAsync(2);
        Assert.Equal(["b", "c"], rung);
    }

    [Fact]
    public async Task What_an_action_schedules_is_called_too()
    {
        wheel.Schedule("a", Start.AddMilliseconds(10), () => Schedule("b", 20));

        clock.Advance(TimeSpan.FromMilliseconds(20));

        await HeardAsync(1);
        Assert.Equal(["b"], rung);
    }

    private void Schedule(string key, int milliseconds) => wheel.Schedule(key, Start.AddMilliseconds(milliseconds), () => Ring(key));

    private void Ring(string key)
    {
        rung.Enqueue(key);
        bell.Release();
    }

    private async Task HeardAsync(int times)
    {
        for (var i = 0; i < times; i++)
        {
            Assert.True(await bell.WaitAsync(TimeSpan.FromSeconds(30)), $"heard {rung.Count} of {times}");
        }
    }
}
