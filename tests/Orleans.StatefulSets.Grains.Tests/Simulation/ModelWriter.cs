using Orleans.StatefulSets.Grains.Journal;
using Orleans.StatefulSets.Grains.Tests.Objects;

namespace Orleans.StatefulSets.Grains.Tests.Simulation;

/// <summary>A grain that commits with compare-and-set, sends again what is not answered, and believes what it is told.</summary>
internal sealed class ModelWriter(int number, JournalSimulation world)
{
    private readonly Dictionary<string, long> known = [];
    private CommitEntry? entry;
    private int count;

    public bool IsIdle => entry is null;

    /// <summary>Begins something, or sends again what has not been answered.</summary>
    public void Step()
    {
        entry ??= Next();
        world.History.Sent(entry);
        var asked = entry;
        world.Network.Send($"{asked.Key.Name}@{asked.ExpectedRevision} of writer {number}", () => world.Arrive(asked, answer => Told(asked, answer)));
    }

    private CommitEntry Next()
    {
        var name = $"m{world.Chance.Next(5)}";
        var expected = known.GetValueOrDefault(name, world.Believed(name));
        return Samples.Entry(name, expected, (number * 100_000) + ++count, deleted: expected > 0 && world.Chance.Next(3) == 0);
    }

    private void Told(CommitEntry asked, CommitResult answer)
    {
        if (answer.Committed is { } committed)
        {
            Assert.Equal(world.History.RevisionOf(asked.CommitId), committed.ResourceVersion);
            world.Acknowledged(committed.ResourceVersion);
        }

        // An answer that comes twice, or to a question that was settled since, is not waited for any more.
        if (entry != asked)
        {
            return;
        }

        entry = null;
        if (answer.Committed is { } mine)
        {
            known[asked.Key.Name] = asked.Deleted ? 0 : mine.ResourceVersion;
        }
        else if (answer.Unavailable is null)
        {
            known[asked.Key.Name] = answer.CurrentRevision;
        }
        else
        {
            known.Remove(asked.Key.Name);
        }
    }
}
