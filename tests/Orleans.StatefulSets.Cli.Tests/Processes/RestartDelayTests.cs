using Microsoft.Extensions.Time.Testing;
using Orleans.StatefulSets.Cli.Processes;

namespace Orleans.StatefulSets.Cli.Tests.Processes;

public sealed class RestartDelayTests
{
    private readonly FakeTimeProvider time = new();

    [Fact]
    public void It_doubles_up_to_a_minute()
    {
        var delay = new RestartDelay(time);

        Assert.Equal(
            [0.1, 0.2, 0.4, 0.8, 1.6, 3.2, 6.4, 12.8, 25.6, 51.2, 60, 60],
            Enumerable.Range(0, 12).Select(_ => delay.Next().TotalSeconds));
    }

    [Fact]
    public void What_ran_for_a_while_is_started_again_at_once()
    {
        var delay = new RestartDelay(time);
        for (var death = 0; death < 9; death++)
        {
            delay.Next();
        }

        // The wait of 25.6 s is no running.
        time.Advance(TimeSpan.FromSeconds(30));
        Assert.Equal(51.2, delay.Next().TotalSeconds);
        time.Advance(TimeSpan.FromSeconds(51.2) + RestartDelay.LongEnough + TimeSpan.FromSeconds(1));
        Assert.Equal(RestartDelay.Shortest, delay.Next());
    }
}
