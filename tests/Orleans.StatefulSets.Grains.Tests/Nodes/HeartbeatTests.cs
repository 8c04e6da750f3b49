using System.Text;
using k8s.Models;
using Orleans.StatefulSets.Grains.Nodes;
using Orleans.StatefulSets.Grains.Replicas;
using Orleans.StatefulSets.Grains.Tests.Clusters;
using Orleans.StatefulSets.Grains.Time;
using Orleans.StatefulSets.Reconciliation.Nodes;
using Orleans.StatefulSets.Resources.Kinds;
using Orleans.StatefulSets.Resources.Objects;
using Orleans.StatefulSets.Resources.Writing;

namespace Orleans.StatefulSets.Grains.Tests.Nodes;

/// <summary>What is shown of a heartbeat follows from the clock; who writes back what he read changes nothing.</summary>
public sealed class HeartbeatTests : IAsyncLifetime
{
    private static readonly ObjectKey Node = ResourceKinds.Nodes.Key("", "node-1");
    private static readonly ObjectKey Lease = ResourceKinds.Leases.Key(NodeLeases.Namespace, "node-1");

    private readonly ManualClock clock = new(new DateTime(2025, 6, 1, 12, 0, 0, DateTimeKind.Utc));
    private TestCluster cluster = null!;

    public async Task InitializeAsync()
    {
        cluster = await TestCluster.StartAsync(1, clock);
        await cluster.UntilAsync("the lease of the node", replica => replica.Find(Lease) is not null, sweeping: true);
        clock.Advance(TimeSpan.FromMinutes(12));
    }

    public async Task DisposeAsync() => await cluster.DisposeAsync();

    [Theory]
    [InlineData("nodes", "")]
    [InlineData("nodes", "status")]
    [InlineData("leases", "")]
    public async Task An_object_that_is_replaced_by_what_was_read_of_it_stays_the_revision_that_it_is(string kind, string subresource)
    {
        var key = kind == "nodes" ? Node : Lease;
        var shown = Shown(key);
        Assert.NotEqual(Encoding.UTF8.GetString(Stored(key).ToArray()), Encoding.UTF8.GetString(shown));
        clock.Advance(TimeSpan.FromMinutes(1));

        var replaced = await ReplaceAsync(key, shown, subresource);

        Assert.Equal((WriteOutcome.Unchanged, Stored(key).ResourceVersion), (replaced.Outcome, replaced.Object.ResourceVersion));
    }

    [Fact]
    public async Task A_change_of_a_status_that_was_read_keeps_the_heartbeats_that_are_stored()
    {
        var before = Stored(Node).As<V1Node>().Status.Conditions;
        var shown = ObjectJson.Decode<V1Node>(Shown(Node));
        var changed = shown with { Status = shown.Status with { Conditions = [.. shown.Status.Conditions, new V1NodeCondition { Type = "Mine", Status = "True", LastHeartbeatTime = clock.Now }] } };

        var replaced = (await ReplaceAsync(Node, ObjectJson.Encode(changed), "status")).Object.As<V1Node>().Status.Conditions;

        Assert.Equal([.. before.Select(condition => condition.LastHeartbeatTime), clock.Now], replaced.Select(condition => condition.LastHeartbeatTime));
    }

    [Theory]
    [InlineData("node-1", NodeLeases.Namespace, 7)]
    [InlineData("node-1", NodeLeases.Namespace, 7200)]
    [InlineData("leader", "default", 10)]
    [InlineData("leader", NodeLeases.Namespace, 10)]
    public async Task A_time_that_was_never_shown_is_somebody_s_own_and_is_obeyed(string name, string @namespace, int seconds)
    {
        var key = ResourceKinds.Leases.Key(@namespace, name);
        if (name == "leader")
        {
            await cluster.CreateAsync(new V1Lease { ApiVersion = "coordination.k8s.io/v1", Kind = "Lease", Metadata = new V1ObjectMeta { Name = name, NamespaceProperty = @namespace }, Spec = new V1LeaseSpec { RenewTime = clock.Now } });
            await cluster.UntilAsync("the lease", replica => replica.Find(key) is not null);
            clock.Advance(TimeSpan.FromMinutes(1));
        }

        var lease = Stored(key).As<V1Lease>();
        var time = lease.Spec.RenewTime!.Value.AddSeconds(seconds);

        var replaced = await ReplaceAsync(key, ObjectJson.Encode(lease with { Spec = lease.Spec with { RenewTime = time } }));

        Assert.Equal((WriteOutcome.Updated, time), (replaced.Outcome, replaced.Object.As<V1Lease>().Spec.RenewTime));
    }

    private StoredObject Stored(ObjectKey key) => cluster.Replica().Find(key)!;

    private byte[] Shown(ObjectKey key) => new Heartbeats(cluster.Service<ReplicaSet>(0), clock).Show(Stored(key)).ToArray();

    private Task<Grains.Cluster.WriteResponse> ReplaceAsync(ObjectKey key, byte[] body, string subresource = "") =>
        cluster.WriteAsync(new WriteRequest { Key = key, Verb = WriteVerb.Update, Subresource = subresource, Body = body });
}
