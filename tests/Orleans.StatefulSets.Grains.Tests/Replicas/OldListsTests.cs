using Microsoft.Extensions.Time.Testing;
using Orleans.StatefulSets.Grains.Journal;
using Orleans.StatefulSets.Grains.Replicas;
using Orleans.StatefulSets.Grains.Tests.Objects;
using Orleans.StatefulSets.Resources.Kinds;

namespace Orleans.StatefulSets.Grains.Tests.Replicas;

/// <summary>
/// "Like a watch operation, a continue token will expire after a short amount of time (by default 5 minutes)" (Kubernetes API concepts,
/// "Retrieving large results sets in chunks").
/// </summary>
public sealed class OldListsTests
{
    private static readonly string ConfigMaps = ResourceKinds.ConfigMaps.Resource;

    private readonly FakeTimeProvider wall = new();
    private long version = 10;

    [Fact]
    public void A_list_can_be_gone_on_with_after_4_min_59_s_of_changes_and_not_after_5_min()
    {
        var replica = Start(new JournalOptions());
        var first = replica.Snapshot(ConfigMaps);
        replica.Remember(ConfigMaps, first);

        Churn(replica, changes: 2_000, TimeSpan.FromSeconds(299));
        Assert.Equal(Initial, Listed(replica, 10));

        wall.Advance(TimeSpan.FromSeconds(2));
        Assert.Null(replica.SnapshotAt(ConfigMaps, 10));
        Assert.NotNull(replica.SnapshotAt(ConfigMaps, version));
    }

    [Fact]
    public void Where_nothing_changes_a_list_never_ends()
    {
        var replica = Start(new JournalOptions());

        wall.Advance(TimeSpan.FromHours(1));

        Assert.Equal(Initial, Listed(replica, 10));
    }

    [Fact]
    public void A_list_that_was_given_out_lasts_beyond_what_the_ring_holds()
    {
        var replica = Start(new JournalOptions { ReplicaRingBytes = 5_000 });
        replica.Remember(ConfigMaps, replica.Snapshot(ConfigMaps));

        Churn(replica, changes: 2_000, TimeSpan.FromSeconds(200));

        Assert.Equal(Initial, Listed(replica, 10));
        Assert.Null(replica.SnapshotAt(ConfigMaps, 11));
    }

    [Fact]
    public void A_list_that_another_process_gave_out_is_found_by_undoing_what_happened_since()
    {
        var replica = Start(new JournalOptions());
        Dictionary<long, List<string>> then = [];
        for (var i = 0; i < 300; i++)
        {
            then[version] = Listed(replica, version);
            Churn(replica, changes: 1, TimeSpan.FromMilliseconds(100));
        }

        Assert.All(then, pair => Assert.Equal(pair.Value, Listed(replica, pair.Key)));
    }

    [Fact]
    public void What_old_lists_keep_is_bounded_in_bytes_and_the_oldest_go_first()
    {
        var replica = Start(new JournalOptions { ReplicaRingBytes = 1_000, ListBytes = 20_000 });
        List<long> given = [];
        for (var i = 0; i < 50; i++)
        {
            given.Add(version);
            replica.Remember(ConfigMaps, replica.Snapshot(ConfigMaps));
            Churn(replica, changes: 10, TimeSpan.FromSeconds(1));
        }

        var there = given.ConvertAll(rv => replica.SnapshotAt(ConfigMaps, rv) is not null);
        Assert.InRange(there.Count(found => found), 3, 10);
        Assert.Equal(there.Order(), there);
    }

    [Fact]
    public void One_list_keeps_no_more_than_its_objects_however_often_they_are_rewritten()
    {
        var replica = Start(new JournalOptions { ReplicaRingBytes = 1_000, ListBytes = 20_000 });
        replica.Remember(ConfigMaps, replica.Snapshot(ConfigMaps));

        Churn(replica, changes: 10_000, TimeSpan.FromSeconds(100));

        Assert.Equal(Initial, Listed(replica, 10));
    }

    private static readonly List<string> Initial = [.. Enumerable.Range(0, 10).Select(i => $"m-{i}@{i + 1}")];

    private Replica Start(JournalOptions bounds)
    {
        var replica = new Replica(bounds, _ => Task.FromResult(0L), wall);
        replica.Load([.. Enumerable.Range(0, 10).Select(i => Samples.ConfigMap($"m-{i}", i + 1))], version);
        return replica;
    }

    /// <summary>Creations, changes and deletions, evenly over a time.</summary>
    private void Churn(Replica replica, int changes, TimeSpan during)
    {
        for (var i = 0; i < changes; i++)
        {
            version++;
            wall.Advance(during / changes);
            var name = $"m-{version * 7 % 13}";
            replica.Apply(Samples.Slice(version, version % 3 == 0 ? Samples.Gone(name, version) : Samples.Put(name, version)));
        }
    }

    private static List<string> Listed(Replica replica, long version) =>
        [.. replica.SnapshotAt(ConfigMaps, version)!.List(null).Select(item => $"{item.Key.Name}@{item.ResourceVersion}")];
}
