using Orleans.StatefulSets.Grains.Replicas;
using Orleans.StatefulSets.Grains.Tests.Objects;

namespace Orleans.StatefulSets.Grains.Tests.Replicas;

public sealed class ChangeRingTests
{
    [Fact]
    public void What_came_after_a_version_is_given_in_order_across_blocks()
    {
        var ring = Filled(1 << 30, 1000);

        Assert.Equal(0, ring.ReachesBackTo);
        Assert.Equal(Versions(1, 1000), Versions(ring, 0));
        Assert.Equal(Versions(256, 745), Versions(ring, 255));
        Assert.Equal(Versions(257, 744), Versions(ring, 256));
        Assert.Equal([1000], Versions(ring, 999));
        Assert.Empty(Versions(ring, 1000));
    }

    [Fact]
    public void Beyond_its_bytes_the_oldest_go_and_all_after_ReachesBackTo_is_there()
    {
        var ring = Filled(500_000, 5000);

        Assert.InRange(ring.ReachesBackTo, 1, 4999);
        Assert.Equal(Versions(ring.ReachesBackTo + 1, (int)(5000 - ring.ReachesBackTo)), Versions(ring, ring.ReachesBackTo));
        Assert.InRange(Versions(ring, ring.ReachesBackTo).Count() * 500, 100_000, 700_000);
    }

    [Fact]
    public void A_few_large_objects_do_not_outgrow_its_bytes()
    {
        var ring = new ChangeRing(1 << 20);
        for (var version = 1; version <= 5; version++)
        {
            ring.Add(new ObjectChange(ChangeType.Added, Samples.ConfigMap("large", version, new string('x', 300_000)), null));
        }

        Assert.Equal(Versions(3, 3), Versions(ring, ring.ReachesBackTo));
    }

    [Fact]
    public void What_is_forgotten_gives_up_its_model()
    {
        var ring = new ChangeRing(1);
        var first = Samples.ConfigMap("first", 1);
        var model = first.KeepModel();
        ring.Add(new ObjectChange(ChangeType.Added, first, null));
        for (var version = 2; version <= 256; version++)
        {
            ring.Add(new ObjectChange(ChangeType.Added, Samples.ConfigMap("x", version), null));
        }

        Assert.Equal(256, ring.ReachesBackTo);
        Assert.NotSame(model, first.Model);
    }

    [Fact]
    public void Large_revisions_that_were_superseded_give_up_their_models_by_their_bytes()
    {
        var ring = new ChangeRing(1 << 30);
        var revisions = Enumerable.Range(1, 20).Select(version => Samples.ConfigMap("a", version, new string('x', 1 << 20))).ToList();
        var models = revisions.ConvertAll(revision => revision.KeepModel());
        for (var i = 1; i < revisions.Count; i++)
        {
            ring.Add(new ObjectChange(ChangeType.Modified, revisions[i], revisions[i - 1]));
        }

        Assert.NotSame(models[0], revisions[0].Model);
        Assert.Same(models[18], revisions[18].Model);
        Assert.Same(models[19], revisions[19].Model);
    }

    [Fact]
    public void Begun_anew_it_reaches_back_to_where_it_began()
    {
        var ring = Filled(1 << 30, 300);
        ring.Reset(700);

        Assert.Equal(700, ring.ReachesBackTo);
        Assert.Empty(ring.After(0));
    }

    private static ChangeRing Filled(long bytes, int count)
    {
        var ring = new ChangeRing(bytes);
        for (var version = 1; version <= count; version++)
        {
            ring.Add(new ObjectChange(ChangeType.Added, Samples.ConfigMap($"m-{version}", version), null));
        }

        return ring;
    }

    private static IEnumerable<long> Versions(ChangeRing ring, long after) => ring.After(after).Select(change => change.Object.ResourceVersion);

    private static IEnumerable<long> Versions(long first, int count) => Enumerable.Range(0, count).Select(i => first + i);
}
