namespace Orleans.StatefulSets.Grains.Tests.Simulation;

public sealed class JournalSimulationTests
{
    private const int SeedsATest = 40;
    private const int Steps = 800;

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(4)]
    [InlineData(5)]
    public void Whatever_is_lost_doubled_late_or_dead_what_was_acknowledged_stays_and_all_see_one_order(int block)
    {
        for (var seed = block * SeedsATest; seed < (block + 1) * SeedsATest; seed++)
        {
            var simulation = new JournalSimulation(seed);
            try
            {
                simulation.Run(Steps);
                simulation.Heal();
            }
            catch (Exception failure)
            {
                Assert.Fail($"seed {seed}: {failure.Message}\n{simulation.Story}\n{failure.StackTrace}");
            }
        }
    }

    [Fact]
    public void A_run_does_something_worth_checking()
    {
        var simulation = new JournalSimulation(1);
        simulation.Run(Steps);

        Assert.InRange(simulation.HighestAcknowledged, 30, Steps);
        Assert.Contains("dies", simulation.Story, StringComparison.Ordinal);
        Assert.Contains("lost", simulation.Story, StringComparison.Ordinal);
        Assert.Contains("doubled", simulation.Story, StringComparison.Ordinal);
    }
}
