using Orleans.StatefulSets.Grains.Journal;
using Orleans.StatefulSets.Grains.Tests.Objects;

namespace Orleans.StatefulSets.Grains.Tests.Journal;

public sealed class RecentCommitsTests
{
    [Fact]
    public void The_oldest_is_forgotten_first_and_the_first_place_of_a_commit_stays()
    {
        var recent = new RecentCommits(2);
        recent.Add(Samples.CommitId(1), 10);
        recent.Add(Samples.CommitId(1), 99);
        recent.Add(Samples.CommitId(2), 20);
        Assert.True(recent.TryFind(Samples.CommitId(1), out var revision));
        Assert.Equal(10, revision);

        recent.Add(Samples.CommitId(3), 30);

        Assert.False(recent.TryFind(Samples.CommitId(1), out _));
        Assert.True(recent.TryFind(Samples.CommitId(2), out _));
        Assert.True(recent.TryFind(Samples.CommitId(3), out _));
    }
}
