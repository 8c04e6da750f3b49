using k8s.Models;
using Orleans.StatefulSets.Grains.Replicas;
using Orleans.StatefulSets.Grains.Tests.Clusters;
using Orleans.StatefulSets.Resources.Kinds;

namespace Orleans.StatefulSets.Grains.Tests.Scheduling;

public sealed class ClaimUseTests
{
    [Fact]
    public async Task The_second_pod_of_a_claim_for_one_pod_waits_until_the_first_is_gone()
    {
        await using var cluster = await TestCluster.StartAsync(1);
        await cluster.CreateAsync(Claim());
        await cluster.CreateAsync(Pod("first"));
        await cluster.UntilAsync("the first runs", replica => Find(replica, "first") is { } pod && Sets.IsReady(pod));

        await cluster.CreateAsync(Pod("second"));
        await cluster.UntilAsync(
            "the second says why it waits",
            replica => Find(replica, "second")?.Status?.Conditions?.Any(condition => condition.Message?.Contains("ReadWriteOncePod access mode", StringComparison.Ordinal) == true) == true);

        await cluster.DeleteAsync(ResourceKinds.Pods.Key("default", "first"));
        await cluster.UntilAsync("the second runs", replica => Find(replica, "second") is { } pod && Sets.IsReady(pod));
    }

    // "Pods that uses a PVC that is being deleted must not be started" (pkg/kubelet/volumemanager/populator).
    [Fact]
    public async Task A_pod_that_comes_to_a_node_with_a_claim_that_is_being_deleted_is_not_started()
    {
        await using var cluster = await TestCluster.StartAsync(1);
        await cluster.CreateAsync(Claim());
        await cluster.CreateAsync(Pod("first"));
        await cluster.UntilAsync("the first runs", replica => Find(replica, "first") is { } pod && Sets.IsReady(pod));
        await cluster.DeleteAsync(ResourceKinds.PersistentVolumeClaims.Key("default", "mine"));
        var node = Find(cluster.Replica(), "first")!.Spec.NodeName;

        // Nobody schedules them.
        await cluster.CreateAsync(Pod("late", node));
        await cluster.CreateAsync(Pod("free", node) is var free ? free with { Spec = free.Spec with { Volumes = null } } : free);

        await cluster.UntilAsync("the one without the claim runs", replica => Find(replica, "free") is { } pod && Sets.IsReady(pod));
        Assert.Equal("Pending", Find(cluster.Replica(), "late")!.Status.Phase);
        Assert.True(Sets.IsReady(Find(cluster.Replica(), "first")!));
        foreach (var name in new[] { "first", "late" })
        {
            await cluster.DeleteAsync(ResourceKinds.Pods.Key("default", name));
        }

        await cluster.UntilAsync("the claim is gone", replica => replica.Find(ResourceKinds.PersistentVolumeClaims.Key("default", "mine")) is null);
    }

    private static V1PersistentVolumeClaim Claim() => new()
    {
        ApiVersion = "v1",
        Kind = "PersistentVolumeClaim",
        Metadata = new V1ObjectMeta { Name = "mine", NamespaceProperty = "default" },
        Spec = new V1PersistentVolumeClaimSpec
        {
            AccessModes = ["ReadWriteOncePod"],
            Resources = new V1VolumeResourceRequirements { Requests = new Dictionary<string, ResourceQuantity> { ["storage"] = new("1Gi") } },
        },
    };

    private static V1Pod? Find(Replica replica, string name) => replica.Find(ResourceKinds.Pods.Key("default", name))?.As<V1Pod>();

    private static V1Pod Pod(string name, string? node = null) => new()
    {
        ApiVersion = "v1",
        Kind = "Pod",
        Metadata = new V1ObjectMeta { Name = name, NamespaceProperty = "default" },
        Spec = new V1PodSpec
        {
            NodeName = node,
            Containers = [new V1Container { Name = "c", Image = "nginx" }],
            Volumes = [new V1Volume { Name = "data", PersistentVolumeClaim = new V1PersistentVolumeClaimVolumeSource { ClaimName = "mine" } }],
        },
    };
}
