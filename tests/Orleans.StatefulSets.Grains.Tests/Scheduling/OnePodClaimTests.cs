using k8s.Models;
using Orleans.StatefulSets.Grains.Replicas;
using Orleans.StatefulSets.Grains.Tests.Clusters;
using Orleans.StatefulSets.Resources.Kinds;

namespace Orleans.StatefulSets.Grains.Tests.Scheduling;

public sealed class OnePodClaimTests
{
    [Fact]
    public async Task The_second_pod_of_a_claim_for_one_pod_waits_until_the_first_is_gone()
    {
        await using var cluster = await TestCluster.StartAsync(1);
        await cluster.CreateAsync(new V1PersistentVolumeClaim
        {
            ApiVersion = "v1",
            Kind = "PersistentVolumeClaim",
            Metadata = new V1ObjectMeta { Name = "mine", NamespaceProperty = "default" },
            Spec = new V1PersistentVolumeClaimSpec
            {
                AccessModes = ["ReadWriteOncePod"],
                Resources = new V1VolumeResourceRequirements { Requests = new Dictionary<string, ResourceQuantity> { ["storage"] = new("1Gi") } },
            },
        });
        await cluster.CreateAsync(Pod("first"));
        await cluster.UntilAsync("the first runs", replica => Find(replica, "first") is { } pod && Sets.IsReady(pod));

        await cluster.CreateAsync(Pod("second"));
        await cluster.UntilAsync(
            "the second says why it waits",
            replica => Find(replica, "second")?.Status?.Conditions?.Any(condition => condition.Message?.Contains("ReadWriteOncePod access mode", StringComparison.Ordinal) == true) == true);

        await cluster.DeleteAsync(ResourceKinds.Pods.Key("default", "first"));
        await cluster.UntilAsync("the second runs", replica => Find(replica, "second") is { } pod && Sets.IsReady(pod));
    }

    private static V1Pod? Find(Replica replica, string name) => replica.Find(ResourceKinds.Pods.Key("default", name))?.As<V1Pod>();

    private static V1Pod Pod(string name) => new()
    {
        ApiVersion = "v1",
        Kind = "Pod",
        Metadata = new V1ObjectMeta { Name = name, NamespaceProperty = "default" },
        Spec = new V1PodSpec
        {
            Containers = [new V1Container { Name = "c", Image = "nginx" }],
            Volumes = [new V1Volume { Name = "data", PersistentVolumeClaim = new V1PersistentVolumeClaimVolumeSource { ClaimName = "mine" } }],
        },
    };
}
