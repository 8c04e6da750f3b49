namespace Orleans.StatefulSets.Storage.Tests.Journals;

public sealed class SupersededRevisionsTests
{
    private static readonly (string Key, long Revision, bool Deleted)[] Log =
    [
        ("a", 1, false), ("b", 2, false), ("a", 3, true), ("a", 4, false), ("c", 5, false), ("b", 6, true), ("c", 7, false), ("d", 8, true),
    ];

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(4)]
    public void What_is_told_in_any_order_and_twice_gives_the_same_forgettable_revisions(int seed)
    {
        var superseded = new SupersededRevisions();
        var told = Log.ToArray();
        new Random(seed).Shuffle(told);
        foreach (var (key, revision, deleted) in told)
        {
            superseded.Observe(key, revision, deleted);
            superseded.Observe(key, revision, deleted);
        }

        superseded.CompleteLoad();
        Assert.Equal([1, 2, 3, 5, 6, 8], superseded.Take(8, 100));
        Assert.Empty(superseded.Take(8, 100));
    }

    [Fact]
    public void What_could_not_be_deleted_comes_again()
    {
        var superseded = new SupersededRevisions();
        superseded.Observe("a", 1, deleted: false);
        superseded.Observe("a", 2, deleted: true);
        superseded.Return(superseded.Take(2, 100));
        Assert.Equal([1, 2], superseded.Take(2, 100));
    }

    [Fact]
    public void Nothing_after_the_asked_revision_is_taken_and_no_more_than_asked()
    {
        var superseded = new SupersededRevisions();
        superseded.CompleteLoad();
        for (var revision = 1; revision <= 5; revision++)
        {
            superseded.Observe("a", revision, deleted: false);
        }

        Assert.Equal([1, 2], superseded.Take(2, 100));
        Assert.Equal([3], superseded.Take(5, 1));
    }
}
