using Orleans.StatefulSets.Acceptance.Tests.Servers.Network;

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

    /// <summary>Two silos can't reach each other, and the third reaches both.</summary>
    Partition,

    /// <summary>A silo reaches no other one, but the database.</summary>
    Isolation,

    /// <summary>The database is far away for a while.</summary>
    SlowDatabase,

    /// <summary>The database takes connections and says nothing.</summary>
    HangingDatabase,
}

/// <summary>One fault of a schedule.</summary>
/// <param name="After">How long after the one before was over.</param>
/// <param name="Kind">What happens.</param>
/// <param name="Silo">To which silo.</param>
/// <param name="Length">How long it lasts.</param>
/// <param name="Passage">What becomes of what silos send each other, where that is the fault.</param>
internal sealed record Fault(TimeSpan After, FaultKind Kind, int Silo, TimeSpan Length, Passage Passage)
{
    // Longer than a silo waits that can't reach the journal.
    private const int LongSeconds = 45;

    /// <summary>The faults of a seed, without end. Each kind comes once before any comes again.</summary>
    public static IEnumerable<Fault> Schedule(int seed, int silos, params IReadOnlyList<FaultKind> kinds)
    {
        var chance = new Random(seed);
        for (var round = 0; ; round++)
        {
            var order = kinds.ToArray();
            chance.Shuffle(order);
            foreach (var kind in order)
            {
                // The first round is all that some runs have, and they have little time.
                var length = round == 0 ? LengthOf(kind, round) / 2 : LengthOf(kind, round);
                yield return new Fault(Milliseconds(300, 1500), kind, chance.Next(silos), length, chance.Next(2) == 0 ? Passage.Hanging : Passage.Cut);
            }
        }

        TimeSpan LengthOf(FaultKind kind, int round) => kind switch
        {
            FaultKind.Partition or FaultKind.Isolation when round > 0 && chance.Next(4) == 0 => Milliseconds(8000, LongSeconds * 1000),
            FaultKind.Pause or FaultKind.Partition or FaultKind.Isolation => Milliseconds(500, 8000),
            FaultKind.Outage or FaultKind.SlowDatabase or FaultKind.HangingDatabase => Milliseconds(500, 6000),
            _ => Milliseconds(0, 4000),
        };

        TimeSpan Milliseconds(int least, int most) => TimeSpan.FromMilliseconds(chance.Next(least, most));
    }

    /// <summary>In few words.</summary>
    public override string ToString() => Kind switch
    {
        FaultKind.Outage or FaultKind.SlowDatabase or FaultKind.HangingDatabase => $"{Kind} for {Length.TotalSeconds:F1} s",
        FaultKind.Partition or FaultKind.Isolation => $"{Kind} ({Passage}) of silo {Silo} for {Length.TotalSeconds:F1} s",
        _ => $"{Kind} of silo {Silo} for {Length.TotalSeconds:F1} s",
    };
}
