using System.Collections.Concurrent;
using k8s.Models;
using Orleans.StatefulSets.Grains.Journal;
using Orleans.StatefulSets.Grains.Objects;
using Orleans.StatefulSets.Grains.Pods;
using Orleans.StatefulSets.Grains.Replicas;
using Orleans.StatefulSets.Grains.StatefulSets;
using Orleans.StatefulSets.Grains.Tests.Clusters;
using Orleans.StatefulSets.Reconciliation.Pods;
using Orleans.StatefulSets.Resources.Kinds;

namespace Orleans.StatefulSets.Grains.Tests.Objects;

/// <summary>
/// A grain begins from a copy that has not heard of the last that the one before it committed, as where that one's silo was lost. Here the
/// last is committed behind the grain's back once it has begun.
/// </summary>
public sealed class LateStartTests : IAsyncLifetime
{
    private TestCluster cluster = null!;

    private IJournalGrain Journal => cluster.Client.GetGrain<IJournalGrain>(Journals.Objects);

    public async Task InitializeAsync() => cluster = await TestCluster.StartAsync(1);

    public async Task DisposeAsync() => await cluster.DisposeAsync();

    [Fact]
    public async Task It_does_not_show_what_is_gone()
    {
        var key = ResourceKinds.Pods.Key("default", "gone");
        var made = await Journal.Commit(cluster.Service<ObjectCommitter>(0).NewEntry(key, Samples.Pod("gone", phase: "Succeeded"), "uid-gone"));
        await cluster.UntilAsync("the pod", replica => replica.Find(key) is not null);
        var grain = cluster.Client.GetGrain<IPodGrain>(key.ToString());
        await BeginAsync(grain, "PodGrain");

        await Journal.Commit(cluster.Service<ObjectCommitter>(0).NewRemoval(made.Committed!));

        Assert.Null(await grain.ReadObject());
    }

    [Fact]
    public async Task It_carries_out_what_was_asked_for()
    {
        await cluster.CreateAsync(Sets.New("web", 2));
        await cluster.UntilAsync("2 ready pods", replica => Sets.AreReady(replica, "web", 2));
        await CollectAsync();
        await BeginAsync(cluster.Client.GetGrain<IStatefulSetGrain>(Sets.Key("web").ToString()), "StatefulSetGrain");

        var stored = cluster.Replica().Find(Sets.Key("web"))!;
        var scaled = stored.As<V1StatefulSet>();
        scaled = scaled with { Metadata = scaled.Metadata with { Generation = scaled.Metadata.Generation + 1 }, Spec = scaled.Spec with { Replicas = 4 } };
        await Journal.Commit(cluster.Service<ObjectCommitter>(0).NewEntry(stored.Key, scaled, stored.Uid) with { ExpectedRevision = stored.ResourceVersion });

        await cluster.UntilAsync("4 ready pods", replica => Sets.AreReady(replica, "web", 4), sweeping: true);
    }

    [Fact]
    public async Task It_makes_no_pods_for_a_set_that_is_gone()
    {
        await cluster.CreateAsync(Sets.New("web", 2));
        await cluster.UntilAsync("2 ready pods", replica => Sets.AreReady(replica, "web", 2));
        await CollectAsync();
        var grain = cluster.Client.GetGrain<IStatefulSetGrain>(Sets.Key("web").ToString());
        await BeginAsync(grain, "StatefulSetGrain");
        using var history = new PodHistory(cluster.Replica());
        var pod = cluster.Replica().Find(ResourceKinds.Pods.Key("default", "web-1"))!;

        await Journal.Commit(cluster.Service<ObjectCommitter>(0).NewRemoval(cluster.Replica().Find(Sets.Key("web"))!));
        await Journal.Commit(cluster.Service<ObjectCommitter>(0).NewRemoval(pod));
        await cluster.UntilAsync("the pod is gone", replica => replica.Find(pod.Key) is null);
        await grain.Observe(pod, deleted: true);

        await cluster.UntilAsync("no pods", replica => Sets.Pods(replica, "web").Count == 0, sweeping: true);
        Assert.Equal(["web-0", "web-1"], history.Read().Order());
    }

    [Fact]
    public async Task A_claim_whose_grain_has_heard_of_no_pod_does_not_go_from_under_one()
    {
        var claim = ResourceKinds.PersistentVolumeClaims.Key("default", "data-web-0");
        await cluster.CreateAsync(Sets.New("web", 1, claims: true));
        await cluster.UntilAsync("a ready pod", replica => Sets.AreReady(replica, "web", 1));
        await CollectAsync("PersistentVolumeClaimGrain");
        var over = new ConcurrentQueue<string>();
        cluster.Replica().Applied += change =>
        {
            if (change.Object.Key == claim ? change.Type == ChangeType.Deleted : change.Object.Model is V1Pod pod && PodReadiness.IsTerminal(pod))
            {
                over.Enqueue(change.Object.Key.Name);
            }
        };

        await cluster.DeleteAsync(claim);
        await cluster.ScaleAsync(Sets.Key("web"), 0);

        await cluster.UntilAsync("no claim", replica => replica.Find(claim) is null, sweeping: true);
        Assert.Equal(["web-0", "data-web-0"], over.Distinct());
    }

    // It is told of something that does not concern it.
    private async Task BeginAsync(IObjectGrain grain, string kind)
    {
        await grain.Observe(Samples.ConfigMap("other", 1), deleted: false);
        await UntilAsync($"a {kind} has begun", async () => await CountAsync(kind) == 1);
    }

    private async Task CollectAsync(string kind = "StatefulSetGrain")
    {
        var management = cluster.Client.GetGrain<IManagementGrain>(0);
        await UntilAsync($"the {kind} is gone", async () =>
        {
            await management.ForceActivationCollection(TimeSpan.Zero);
            return await CountAsync(kind) == 0;
        });
    }

    private async Task<int> CountAsync(string kind) =>
        (await cluster.Client.GetGrain<IManagementGrain>(0).GetDetailedGrainStatistics()).Count(grain => grain.GrainType.Split(',')[0].EndsWith($".{kind}", StringComparison.Ordinal));

    private static async Task UntilAsync(string what, Func<Task<bool>> condition)
    {
        var began = TimeProvider.System.GetTimestamp();
        using var tick = new PeriodicTimer(TimeSpan.FromMilliseconds(20));
        while (!await condition())
        {
            Assert.True(TimeProvider.System.GetElapsedTime(began) < TimeSpan.FromSeconds(40), $"waited in vain: {what}");
            await tick.WaitForNextTickAsync();
        }
    }
}
