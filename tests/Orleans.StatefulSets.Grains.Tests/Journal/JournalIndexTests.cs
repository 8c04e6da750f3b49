using Orleans.StatefulSets.Grains.Journal;
using Orleans.StatefulSets.Grains.Tests.Objects;

namespace Orleans.StatefulSets.Grains.Tests.Journal;

public sealed class JournalIndexTests
{
    private readonly JournalIndex index = new();

    [Fact]
    public void What_is_staged_counts_within_the_batch_and_is_no_part_of_what_is_stored()
    {
        index.Load(Samples.ConfigMapKey("a"), new IndexedObject(1, "uid-a", Samples.CommitId(1)));
        index.Stage(Samples.Entry("a", 1, 2, deleted: true), 2);
        index.Stage(Samples.Entry("b", 0, 3), 3);

        Assert.Null(index.Find(Samples.ConfigMapKey("a")));
        Assert.Equal(3, index.Find(Samples.ConfigMapKey("b"))?.Revision);
        Assert.Equal(1, index.FindDurable(Samples.ConfigMapKey("a"))?.Revision);
        Assert.Null(index.FindDurable(Samples.ConfigMapKey("b")));
        Assert.Equal(1, index.Count);
    }

    [Fact]
    public void Accepted_it_is_stored()
    {
        index.Load(Samples.ConfigMapKey("a"), new IndexedObject(1, "uid-a", Samples.CommitId(1)));
        index.Stage(Samples.Entry("a", 1, 2, deleted: true), 2);
        index.Stage(Samples.Entry("b", 0, 3), 3);
        index.Accept();

        Assert.Null(index.FindDurable(Samples.ConfigMapKey("a")));
        Assert.Equal(new IndexedObject(3, "uid-b", Samples.CommitId(3)), index.FindDurable(Samples.ConfigMapKey("b")));
        Assert.False(index.IsStaged(Samples.ConfigMapKey("b")));
    }

    [Fact]
    public void Rejected_it_never_was()
    {
        index.Stage(Samples.Entry("b", 0, 3), 3);
        index.Reject();

        Assert.Null(index.Find(Samples.ConfigMapKey("b")));
        Assert.Equal(0, index.Count);
    }
}
