using k8s.Models;
using Orleans.StatefulSets.Grains.Files;
using Orleans.StatefulSets.Grains.Tests.Clusters;
using Orleans.StatefulSets.Resources.Kinds;
using Orleans.StatefulSets.Storage;
using static Orleans.StatefulSets.Grains.Tests.Files.KeptFiles;

namespace Orleans.StatefulSets.Grains.Tests.Files;

/// <summary>Trees go with what they are the files of.</summary>
public sealed class OrphanedTreeTests : IAsyncLifetime
{
    private readonly TreeCluster trees = new();

    public Task InitializeAsync() => trees.InitializeAsync();

    public Task DisposeAsync() => trees.DisposeAsync();

    [Theory]
    [InlineData("Delete", 0)]
    [InlineData("Retain", 1)]
    public async Task A_volume_that_is_reclaimed_takes_its_files_with_it_and_one_that_is_retained_keeps_them(string policy, int left)
    {
        await trees.Cluster.CreateAsync(new V1StorageClass
        {
            ApiVersion = "storage.k8s.io/v1",
            Kind = "StorageClass",
            Metadata = new V1ObjectMeta { Name = "kept" },
            Provisioner = "emulated",
            ReclaimPolicy = policy,
            VolumeBindingMode = "Immediate",
        });
        await trees.Cluster.CreateAsync(new V1PersistentVolumeClaim
        {
            ApiVersion = "v1",
            Kind = "PersistentVolumeClaim",
            Metadata = new V1ObjectMeta { Name = "data", NamespaceProperty = "default" },
            Spec = new V1PersistentVolumeClaimSpec
            {
                StorageClassName = "kept",
                AccessModes = ["ReadWriteOnce"],
                Resources = new V1VolumeResourceRequirements { Requests = new Dictionary<string, ResourceQuantity> { ["storage"] = new("1Gi") } },
            },
        });
        await trees.Cluster.UntilAsync("a volume", replica => Volume(replica)?.Status?.Phase == "Bound", sweeping: true);
        var uid = Volume(trees.Cluster.Replica())!.Metadata.Uid;
        var files = trees.Open(0, TreeNames.OfVolume(uid), "a@n", exclusive: true);
        await files.WriteAllAsync(Root, "/f", "x"u8.ToArray());
        await files.FlushAsync();

        await trees.Cluster.DeleteAsync(ResourceKinds.PersistentVolumeClaims.Key("default", "data"));
        await trees.Cluster.UntilAsync("the claim is gone", replica => left == 0 ? Volume(replica) is null : Volume(replica)?.Status?.Phase == "Released", sweeping: true);
        await TreeCluster.UntilAsync(async () => (await trees.ListAsync()).Count == left);
        if (left == 1)
        {
            Assert.Equal("x"u8.ToArray(), await files.ReadAllAsync(Root, "/f", 100));
            await trees.Cluster.DeleteAsync(ResourceKinds.PersistentVolumes.Key("", Volume(trees.Cluster.Replica())!.Metadata.Name));
            await TreeCluster.UntilAsync(async () => (await trees.ListAsync()).Count == 0);
        }
    }

    [Fact]
    public async Task A_sweep_deletes_what_has_no_owner_and_nothing_else()
    {
        await trees.Cluster.CreateAsync(Sets.New("web", 1, claims: true));
        await trees.Cluster.UntilAsync("a ready pod", replica => Sets.AreReady(replica, "web", 1));
        var volume = Volume(trees.Cluster.Replica())!.Metadata.Uid;
        var pod = Sets.Uids(trees.Cluster.Replica(), "web").Single().Value;
        var node = trees.Cluster.Replica().List(ResourceKinds.Nodes.Resource, null).First().Key.Name;
        string[] owned = [TreeNames.OfVolume(volume), TreeNames.OfEmptyDir(pod, "cache"), TreeNames.OfNode(node), "of-another-kind/x"];
        string[] orphans = [TreeNames.OfVolume("gone"), TreeNames.OfEmptyDir("gone", "cache"), TreeNames.OfNode("gone")];
        await using var store = new MemoryFileStore(trees.Cluster.Files);
        foreach (var tree in owned.Concat(orphans))
        {
            await store.AcquireAsync(tree, create: true, CancellationToken.None);
        }

        // Silos that come are reason enough to look.
        await trees.Cluster.StartAnotherAsync();
        await TreeCluster.UntilAsync(async () =>
        {
            for (var silo = 0; silo < trees.Cluster.Silos.Count; silo++)
            {
                await trees.Cluster.Service<FileSweep>(silo).SweepAsync();
            }

            return (await trees.ListAsync()).Count <= owned.Length;
        });
        Assert.Equal(owned.Order(StringComparer.Ordinal), await trees.ListAsync());
    }

    private static V1PersistentVolume? Volume(Grains.Replicas.Replica replica) =>
        replica.List(ResourceKinds.PersistentVolumes.Resource, null).Select(item => item.As<V1PersistentVolume>()).SingleOrDefault();
}
