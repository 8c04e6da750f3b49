using Orleans.StatefulSets.Grains.Journal;
using Orleans.StatefulSets.Grains.Tests.Objects;

namespace Orleans.StatefulSets.Grains.Tests.Journal;

public sealed class RevisionRingTests
{
    [Fact]
    public void A_slice_begins_after_the_revision_asked_for()
    {
        var ring = Filled(1 << 30, 100, start: 40);

        Assert.Null(ring.After(39, int.MaxValue));
        Assert.Equal(Range(41, 140), Versions(ring.After(40, int.MaxValue)));
        Assert.Equal([140L], Versions(ring.After(139, int.MaxValue)));
        Assert.Empty(ring.After(140, int.MaxValue)!);
        Assert.Empty(ring.After(900, int.MaxValue)!);
    }

    [Fact]
    public void A_slice_is_bounded_in_bytes_but_never_empty_while_there_is_something()
    {
        var ring = Filled(1 << 30, 100);

        Assert.Equal([1L], Versions(ring.After(0, 1)));
        Assert.InRange(ring.After(0, 5000)!.Length, 5, 20);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(20_000)]
    [InlineData(300_000)]
    public void Beyond_its_bytes_the_oldest_go_and_no_hole_is_left(long bytes)
    {
        var ring = new RevisionRing(bytes, 0);
        for (var version = 1; version <= 6000; version++)
        {
            ring.Add(Samples.Put("m", version));
            Assert.InRange(ring.ReachesBackTo, 0, version - 1);
            if (version % 500 == 0)
            {
                Assert.Equal(Range(ring.ReachesBackTo + 1, version), Versions(ring.After(ring.ReachesBackTo, int.MaxValue)));
                Assert.Null(ring.After(ring.ReachesBackTo - 1, int.MaxValue));
            }
        }

        Assert.True(ring.ReachesBackTo > 0);
    }

    private static RevisionRing Filled(long bytes, int count, long start = 0)
    {
        var ring = new RevisionRing(bytes, start);
        for (var i = 1; i <= count; i++)
        {
            ring.Add(Samples.Put("m", start + i));
        }

        return ring;
    }

    private static IEnumerable<long> Versions(PublishedRevision[]? slice) => slice!.Select(revision => revision.Object.ResourceVersion);

    private static IEnumerable<long> Range(long first, long last) => Enumerable.Range(0, (int)(last - first + 1)).Select(i => first + i);
}
