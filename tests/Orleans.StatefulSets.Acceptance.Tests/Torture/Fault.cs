namespace Orleans.StatefulSets.Acceptance.Tests.Torture;

/// <summary>What is done to a cluster of processes.</summary>
internal enum FaultKind
{
    /// <summary>kill -9 of a silo, started again after a while.</summary>
    Kill,

    /// <summary>A silo stands still for a while (SIGSTOP), long enough to be declared dead or not.</summary>
    Pause,

    /// <summary>SIGTERM: a silo leaves in order, and is started again.</summary>
    Leave,

    /// <summary>The database crashes, and comes back after a while.</summary>
    Outage,
}

/// <summary>One fault of a schedule.</summary>
/// <param name="After">How long after the one before was over.</param>
/// <param name="Kind">What happens.</param>
/// <param name="Silo">To which silo.</param>
/// <param name="Length">How long it lasts.</param>
internal sealed record Fault(TimeSpan After, FaultKind Kind, int Silo, TimeSpan Length)
{
    /// <summary>The faults of a seed, without end. Each kind comes once before any comes again.</summary>
    public static IEnumerable<Fault> Schedule(int seed, int silos)
    {
        var chance = new Random(seed);
        while (true)
        {
            var kinds = Enum.GetValues<FaultKind>();
            chance.Shuffle(kinds);
            foreach (var kind in kinds)
            {
                yield return new Fault(Milliseconds(500, 3000), kind, chance.Next(silos), kind switch
                {
                    FaultKind.Pause => Milliseconds(500, 8000),
                    FaultKind.Outage => Milliseconds(500, 6000),
                    _ => Milliseconds(0, 4000),
                });
            }
        }

        TimeSpan Milliseconds(int least, int most) => TimeSpan.FromMilliseconds(chance.Next(least, most));
    }
}
