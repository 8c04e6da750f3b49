using k8s.Models;
using Microsoft.Extensions.Options;
using Orleans.StatefulSets.Grains.Cluster;
using Orleans.StatefulSets.Grains.Journal;
using Orleans.StatefulSets.Grains.Objects;
using Orleans.StatefulSets.Grains.Replicas;
using Orleans.StatefulSets.Grains.Time;
using Orleans.StatefulSets.Resources.Kinds;

namespace Orleans.StatefulSets.Grains.Tests.Clusters;

/// <summary>"--event-ttl: Amount of time to retain events. Default: 1h0m0s" (kube-apiserver), in simulated time.</summary>
public sealed class EventExpiryTests : IAsyncLifetime
{
    private static readonly string Events = ResourceKinds.Events.Resource;
    private static readonly DateTime Start = new(2026, 1, 1, 0, 0, 0, DateTimeKind.Utc);

    private readonly ManualClock clock = new(Start);
    private TestCluster cluster = null!;

    public async Task InitializeAsync() => cluster = await TestCluster.StartAsync(1, clock);

    public async Task DisposeAsync() => await cluster.DisposeAsync();

    [Fact]
    public async Task An_event_goes_an_hour_after_it_was_last_told_and_watchers_see_it_deleted()
    {
        await TellAsync("early");
        await TellAsync("counted", lastTold: Start.AddMinutes(59));
        await TellAsync("of-long-ago", lastTold: Start.AddDays(-3));
        clock.Advance(TimeSpan.FromMinutes(59));
        await TellAsync("late");
        await ExpireAsync();
        Assert.Equal(["counted", "early", "late", "of-long-ago"], Names());

        var replica = await FollowedAsync();
        using var watch = replica.Watch(Events, null, replica.Head);
        clock.Advance(TimeSpan.FromMinutes(2));
        await ExpireAsync();

        Assert.Equal(["counted", "late"], Names());
        Assert.Equal([(ChangeType.Deleted, "early"), (ChangeType.Deleted, "of-long-ago")], Read(watch).Order());
    }

    [Fact]
    public async Task A_silo_that_starts_later_lets_go_what_was_stored_before_it()
    {
        await TellAsync("before");
        await cluster.StartAnotherAsync();
        clock.Advance(TimeSpan.FromMinutes(61));

        await ExpireAsync(silo: 1);

        Assert.Empty(Names());
    }

    [Fact]
    public async Task Beyond_the_most_that_stay_the_oldest_go()
    {
        cluster.Service<IOptions<EventRetention>>(0).Value.Most = 10;
        for (var index = 0; index < 12; index++)
        {
            await TellAsync($"told-{index:00}");
        }

        await ExpireAsync();

        // Two too many, and a tenth of the room, so that the next one doesn't cost a look at all of them.
        Assert.Equal(Enumerable.Range(3, 9).Select(index => $"told-{index:00}"), Names());
    }

    [Fact]
    public async Task What_is_told_of_a_namespace_that_is_gone_goes_at_once()
    {
        var committer = cluster.Service<ObjectCommitter>(0);
        foreach (var place in (string[])["gone", "kube-public"])
        {
            var told = Event("late", place, lastTold: Start);
            await committer.SendManyAsync(Journals.Events, [committer.NewEntry(ResourceKinds.Events.Key(place, "late"), told with { Metadata = told.Metadata with { Uid = place } }, place)]);
        }

        await ExpireAsync();

        Assert.Empty(cluster.Service<ReplicaSet>(0).List(Events, "gone"));
        Assert.Equal(["late"], Names());
    }

    private Task TellAsync(string name, DateTime? lastTold = null) => cluster.CreateAsync(Event(name, "kube-public", lastTold));

    private static Corev1Event Event(string name, string @namespace, DateTime? lastTold) => new()
    {
        ApiVersion = "v1",
        Kind = "Event",
        Metadata = new V1ObjectMeta { Name = name, NamespaceProperty = @namespace },
        InvolvedObject = new V1ObjectReference { Kind = "ConfigMap", NamespaceProperty = @namespace, Name = "x" },
        Reason = "Tested",
        LastTimestamp = lastTold,
    };

    private async Task ExpireAsync(int silo = 0)
    {
        await cluster.Service<ReplicaSet>(silo).For(Events).WaitForHeadAsync(CancellationToken.None);
        await cluster.Service<EventExpiry>(silo).ExpireAsync();
        await FollowedAsync();
    }

    private async Task<IReplica> FollowedAsync()
    {
        var replica = cluster.Service<ReplicaSet>(0).For(Events);
        await replica.WaitForHeadAsync(CancellationToken.None);
        return replica;
    }

    // The cluster tells Events of its own, in other namespaces.
    private IEnumerable<string> Names() => cluster.Service<ReplicaSet>(0).List(Events, "kube-public").Select(item => item.Key.Name).Order(StringComparer.Ordinal);

    private static List<(ChangeType Type, string Name)> Read(IReplicaWatch watch)
    {
        var read = new List<(ChangeType, string)>();
        while (watch.TryRead(out var change))
        {
            if (change.Object.Key.Namespace == "kube-public")
            {
                read.Add((change.Type, change.Object.Key.Name));
            }
        }

        return read;
    }
}
