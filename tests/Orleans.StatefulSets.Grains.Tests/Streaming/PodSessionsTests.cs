using Microsoft.Extensions.Time.Testing;
using Orleans.StatefulSets.Grains.Chance;
using Orleans.StatefulSets.Grains.Streaming;

namespace Orleans.StatefulSets.Grains.Tests.Streaming;

/// <summary>What clients have open into pods when a process is to leave.</summary>
public sealed class PodSessionsTests : IDisposable
{
    private static readonly TimeSpan Second = TimeSpan.FromSeconds(1);

    private readonly FakeTimeProvider wall = new();
    private readonly NodeStreams streams;
    private readonly PodSessions sessions;

    public PodSessionsTests()
    {
        streams = new NodeStreams(new RandomIdentitySource(), wall);
        sessions = new PodSessions(streams, wall);
    }

    public void Dispose() => streams.Dispose();

    [Fact]
    public async Task Who_leaves_waits_for_nobody_where_nothing_is_open()
    {
        await sessions.LeaveAsync(Second);
        Assert.True(sessions.IsLeaving);
    }

    [Fact]
    public async Task Who_leaves_lets_nobody_begin_and_waits_until_the_last_one_has_ended()
    {
        var (first, second) = (sessions.Begin(), sessions.Begin());
        Assert.False(sessions.IsLeaving);
        var leaving = sessions.LeaveAsync(10 * Second);
        Assert.True(sessions.IsLeaving);
        await AdvanceAsync(5 * Second);
        first.Dispose();
        first.Dispose();
        await AdvanceAsync(2 * Second);
        Assert.Equal((1, false), (sessions.Open, leaving.IsCompleted));

        second.Dispose();
        await UntilAsync(() => leaving.IsCompleted);
    }

    [Fact]
    public async Task What_does_not_end_is_cut_off()
    {
        using var session = sessions.Begin();
        var leaving = sessions.LeaveAsync(10 * Second);
        await AdvanceAsync(9 * Second);
        Assert.False(leaving.IsCompleted);
        await UntilAsync(() => leaving.IsCompleted);
    }

    private Task AdvanceAsync(TimeSpan time)
    {
        var end = wall.GetUtcNow() + time;
        return UntilAsync(() => wall.GetUtcNow() >= end);
    }

    private async Task UntilAsync(Func<bool> holds)
    {
        while (!holds())
        {
            wall.Advance(TimeSpan.FromMilliseconds(50));
            await Task.Yield();
        }
    }
}
