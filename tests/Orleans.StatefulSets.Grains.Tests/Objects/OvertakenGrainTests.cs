using k8s.Models;
using Orleans.StatefulSets.Grains.Journal;
using Orleans.StatefulSets.Grains.Objects;
using Orleans.StatefulSets.Grains.Tests.Clusters;
using Orleans.StatefulSets.Grains.Time;
using Orleans.StatefulSets.Resources.Errors;
using Orleans.StatefulSets.Resources.Kinds;

namespace Orleans.StatefulSets.Grains.Tests.Objects;

/// <summary>
/// Another activation writes after this one was confirmed: one on a silo that does not know yet that it was declared dead, or a commit that
/// lands late. Here it is committed behind the grain's back.
/// </summary>
public sealed class OvertakenGrainTests : IAsyncLifetime
{
    private static readonly ObjectKey Room = ResourceKinds.Namespaces.Key("", "room");
    private static readonly ObjectKey Certificate = ResourceKinds.ConfigMaps.Key("room", "kube-root-ca.crt");
    private static readonly ObjectKey Claim = ResourceKinds.PersistentVolumeClaims.Key("default", "data-web-0");

    private TestCluster cluster = null!;

    public async Task InitializeAsync() => cluster = await TestCluster.StartAsync(1);

    public async Task DisposeAsync() => await cluster.DisposeAsync();

    [Fact]
    public async Task A_namespace_whose_deletion_another_accepted_is_emptied_by_this_one()
    {
        await MakeRoomAsync();

        await CommitAsync<V1Namespace>(Room, Terminating);

        await cluster.UntilAsync("no namespace", replica => replica.Find(Room) is null, sweeping: true);
    }

    [Fact]
    public async Task A_deletion_that_finds_that_it_was_accepted_already_is_carried_out()
    {
        await MakeRoomAsync();

        await CommitAsync<V1Namespace>(Room, Terminating);
        await cluster.DeleteAsync(Room);

        await cluster.UntilAsync("no namespace", replica => replica.Find(Room) is null);
    }

    [Fact]
    public async Task A_claim_that_another_marked_goes()
    {
        await cluster.CreateAsync(Sets.New("web", 1, claims: true));
        await cluster.UntilAsync("a ready pod", replica => Sets.AreReady(replica, "web", 1));
        await cluster.ScaleAsync(Sets.Key("web"), 0);
        await cluster.UntilAsync("no pod", replica => Sets.Pods(replica, "web").Count == 0);

        await CommitAsync<V1PersistentVolumeClaim>(Claim, claim => claim with { Metadata = Marked(claim.Metadata) });

        await cluster.UntilAsync("no claim", replica => replica.Find(Claim) is null, sweeping: true);
    }

    [Fact]
    public async Task A_set_that_took_the_name_of_one_that_went_gets_its_pods()
    {
        await cluster.CreateAsync(Sets.New("web", 2));
        await cluster.UntilAsync("2 ready pods", replica => Sets.AreReady(replica, "web", 2));
        var before = Sets.Uids(cluster.Replica(), "web");
        var stored = cluster.Replica().Find(Sets.Key("web"))!;
        var committer = cluster.Service<ObjectCommitter>(0);
        var next = stored.As<V1StatefulSet>();
        next = next with { Metadata = next.Metadata with { Uid = "uid-of-the-next" }, Spec = next.Spec with { Replicas = 1 }, Status = null };

        foreach (var pod in Sets.Pods(cluster.Replica(), "web"))
        {
            await Journal.Commit(committer.NewRemoval(cluster.Replica().Find(ResourceKinds.Pods.Key("default", pod.Metadata.Name))!));
        }

        await Journal.Commit(committer.NewRemoval(cluster.Replica().Find(Sets.Key("web"))!));
        await Journal.Commit(committer.NewEntry(stored.Key, next, next.Metadata.Uid));

        await cluster.UntilAsync("another pod", replica => Sets.AreReady(replica, "web", 1) && Sets.Uids(replica, "web")["web-0"] != before["web-0"], sweeping: true);
    }

    // The objects that it granted may be on their way still.
    [Fact]
    public async Task What_another_quota_grain_granted_is_granted_to_nobody_else()
    {
        var key = ResourceKinds.ResourceQuotas.Key("default", "few");
        await cluster.CreateAsync(new V1ResourceQuota
        {
            ApiVersion = "v1",
            Kind = "ResourceQuota",
            Metadata = new V1ObjectMeta { Name = "few", NamespaceProperty = "default" },
            Spec = new V1ResourceQuotaSpec { Hard = Pods("2") },
        });
        await cluster.UntilAsync("the count", replica => replica.Find(key)!.As<V1ResourceQuota>().Status?.Used?["pods"].ToString() == "0");

        await CommitAsync<V1ResourceQuota>(key, quota => quota with { Status = quota.Status with { Used = Pods("2") } });
        var refusal = await Assert.ThrowsAsync<ApiException>(() => cluster.CreateAsync(Samples.Pod("third")));

        Assert.Equal(403, refusal.Code);
    }

    private static Dictionary<string, ResourceQuantity> Pods(string pods) => new() { ["pods"] = new ResourceQuantity(pods) };

    private IJournalGrain Journal => cluster.Client.GetGrain<IJournalGrain>(Journals.Objects);

    private async Task MakeRoomAsync()
    {
        await cluster.CreateAsync(new V1Namespace { ApiVersion = "v1", Kind = "Namespace", Metadata = new V1ObjectMeta { Name = "room" } });
        await cluster.UntilAsync("its furniture", replica => replica.Find(Certificate) is not null);
    }

    private async Task CommitAsync<T>(ObjectKey key, Func<T, T> change)
        where T : class
    {
        var stored = cluster.Replica().Find(key)!;
        var entry = cluster.Service<ObjectCommitter>(0).NewEntry(key, change(stored.As<T>()), stored.Uid) with { ExpectedRevision = stored.ResourceVersion };
        Assert.NotNull((await Journal.Commit(entry)).Committed);
    }

    private V1Namespace Terminating(V1Namespace item) => item with { Metadata = Marked(item.Metadata), Status = new V1NamespaceStatus { Phase = "Terminating" } };

    private V1ObjectMeta Marked(V1ObjectMeta metadata) =>
        metadata with { DeletionTimestamp = cluster.Service<ClusterClock>(0).Now, DeletionGracePeriodSeconds = 0 };
}
