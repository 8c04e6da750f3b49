using k8s.Models;
using Orleans.StatefulSets.Grains.Time;
using Orleans.StatefulSets.Reconciliation.Pods;
using Orleans.StatefulSets.Resources.Kinds;

namespace Orleans.StatefulSets.Grains.Tests.Clusters;

/// <summary>Order, parallel starts and cascades as they arise from the messages between grains on three silos.</summary>
public sealed class MessageOrderTests : IAsyncLifetime
{
    private static readonly PodLatencies Slow = new() { ContainerStart = TimeSpan.FromSeconds(5) };

    private readonly ManualClock clock = new(new DateTime(2026, 1, 1, 0, 0, 0, DateTimeKind.Utc));
    private TestCluster cluster = null!;

    public async Task InitializeAsync() => cluster = await TestCluster.StartAsync(3, clock, Slow);

    public async Task DisposeAsync() => await cluster.DisposeAsync();

    [Fact]
    public async Task Ordered_each_pod_is_created_after_its_set_was_told_that_the_one_before_is_ready()
    {
        await cluster.CreateAsync(Sets.New("web", 5));
        await UntilAsync("5 ready pods", () => Sets.AreReady(cluster.Replica(), "web", 5));

        for (var ordinal = 1; ordinal < 5; ordinal++)
        {
            Assert.InRange(ToldReady($"web-{ordinal - 1}"), 1, Created($"web-{ordinal}") - 1);
        }

        Assert.True(SilosOf("pods/default/web-").Count() > 1);
    }

    [Fact]
    public async Task Ordered_pods_go_one_by_one_from_the_last()
    {
        await cluster.CreateAsync(Sets.New("web", 4));
        await UntilAsync("4 ready pods", () => Sets.AreReady(cluster.Replica(), "web", 4));
        using var history = new PodHistory(cluster.Replica());
        await cluster.ScaleAsync(Sets.Key("web"), 0);
        await UntilAsync("no pods", () => Sets.Pods(cluster.Replica(), "web").Count == 0);

        Assert.Equal(["web-3", "web-2", "web-1", "web-0"], history.Read());
        for (var ordinal = 0; ordinal < 3; ordinal++)
        {
            Assert.InRange(ToldGone($"web-{ordinal + 1}"), 1, Deleted($"web-{ordinal}") - 1);
        }
    }

    [Fact]
    public async Task Parallel_all_pods_are_created_before_any_is_ready()
    {
        await cluster.CreateAsync(Sets.New("web", 6, "Parallel"));
        await cluster.UntilAsync("6 pods while the time stands", replica => Sets.Pods(replica, "web").Count == 6);
        Assert.DoesNotContain(Sets.Pods(cluster.Replica(), "web"), Sets.IsReady);
        await UntilAsync("6 pods that the set was told are ready", () => Enumerable.Range(0, 6).All(ordinal => cluster.Trace.Messages.Any(message => IsReadyNews(message, $"web-{ordinal}"))));

        var lastCreation = Enumerable.Range(0, 6).Max(ordinal => Created($"web-{ordinal}"));
        Assert.All(Enumerable.Range(0, 6), ordinal => Assert.True(ToldReady($"web-{ordinal}") > lastCreation));
    }

    [Fact]
    public async Task A_deleted_sets_pods_are_deleted_by_its_collector()
    {
        await cluster.CreateAsync(Sets.New("web", 4, "Parallel"));
        await UntilAsync("4 ready pods", () => Sets.AreReady(cluster.Replica(), "web", 4));
        var set = cluster.Replica().Find(Sets.Key("web"))!;
        await cluster.DeleteAsync(Sets.Key("web"));
        await UntilAsync("nothing left", () => Sets.Pods(cluster.Replica(), "web").Count == 0
            && !cluster.Replica().List(ResourceKinds.ControllerRevisions.Resource, "default").Any());

        var deleted = First(message => message.Key == Sets.Key("web").ToString() && message.Method == "Write", last: true);
        var collected = First(message => message.Method == "Collect" && message.Key == set.Uid);
        Assert.InRange(collected, deleted + 1, long.MaxValue);
        Assert.All(Enumerable.Range(0, 4), ordinal => Assert.True(Deleted($"web-{ordinal}") > collected));
    }

    // The simulated time goes on by a second with every look.
    private Task UntilAsync(string what, Func<bool> condition) => cluster.UntilAsync(what, _ =>
    {
        clock.Advance(TimeSpan.FromSeconds(1));
        return condition();
    });

    private long Created(string pod) => First(message => message.Key == $"pods/default/{pod}" && message.Method == "Create");

    private long Deleted(string pod) => First(message => message.Key == $"pods/default/{pod}" && message.Method == "Write");

    private long ToldReady(string pod) => First(message => IsReadyNews(message, pod));

    private long ToldGone(string pod) => First(message => IsAbout(message, pod) && message.Deleted);

    private static bool IsReadyNews(TracedMessage message, string pod) =>
        IsAbout(message, pod) && !message.Deleted && PodReadiness.IsReady(message.Item!.As<V1Pod>());

    private static bool IsAbout(TracedMessage message, string pod) =>
        message.Key == Sets.Key("web").ToString() && message.Method == "Observe" && message.Item!.Key == ResourceKinds.Pods.Key("default", pod);

    private long First(Func<TracedMessage, bool> which, bool last = false)
    {
        var messages = cluster.Trace.Messages.Where(which).Select(message => message.Sequence).ToList();
        Assert.NotEmpty(messages);
        return last ? messages[^1] : messages[0];
    }

    private IEnumerable<string> SilosOf(string keys) => cluster.Trace.Messages
        .Where(message => message.Key.StartsWith(keys, StringComparison.Ordinal)).Select(message => message.Silo).Distinct();
}
