using Microsoft.Extensions.Time.Testing;
using Orleans.StatefulSets.Grains.Time;

namespace Orleans.StatefulSets.Grains.Tests.Time;

public sealed class ClockTests
{
    private static readonly DateTime Start = new(2026, 1, 1, 0, 0, 0, DateTimeKind.Utc);

    [Fact]
    public async Task A_manual_clock_wakes_those_whose_moment_has_come()
    {
        var clock = new ManualClock(Start);
        var soon = clock.WaitUntilAsync(Start.AddSeconds(1), CancellationToken.None);
        var later = clock.WaitUntilAsync(Start.AddSeconds(2), CancellationToken.None);
        Assert.True(clock.WaitUntilAsync(Start, CancellationToken.None).IsCompletedSuccessfully);

        clock.Advance(TimeSpan.FromMilliseconds(1500));

        await soon;
        Assert.False(later.IsCompleted);
        Assert.Equal(Start.AddMilliseconds(1500), clock.Now);
        Assert.Equal(Start.AddSeconds(1), clock.NowSeconds);
        Assert.Throws<ArgumentOutOfRangeException>(() => clock.Advance(TimeSpan.FromTicks(-1)));
    }

    [Fact]
    public async Task A_scaled_clock_runs_so_much_faster_and_wakes_on_time()
    {
        var wall = new FakeTimeProvider(Start);
        var clock = new ScaledClock(wall, new ClockAnchor(Start, Start.AddYears(1), 10));
        var due = clock.WaitUntilAsync(Start.AddYears(1).AddSeconds(20), CancellationToken.None);

        wall.Advance(TimeSpan.FromSeconds(1.9));
        Assert.Equal(Start.AddYears(1).AddSeconds(19), clock.Now);
        Assert.False(due.IsCompleted);

        wall.Advance(TimeSpan.FromSeconds(0.1));
        await due;
    }

    [Fact]
    public void Another_speed_does_not_make_the_time_jump()
    {
        var anchor = new ClockAnchor(Start, Start, 10);
        var faster = anchor.WithSpeed(Start.AddSeconds(5), 100);

        Assert.Equal(Start.AddSeconds(50), faster.SimulatedAt(Start.AddSeconds(5)));
        Assert.Equal(Start.AddSeconds(150), faster.SimulatedAt(Start.AddSeconds(6)));
        Assert.Same(anchor, anchor.WithSpeed(Start.AddSeconds(5), 10));
    }

    [Fact]
    public void Before_its_anchor_the_time_stands() =>
        Assert.Equal(Start, new ClockAnchor(Start, Start, 10).SimulatedAt(Start.AddSeconds(-5)));
}
