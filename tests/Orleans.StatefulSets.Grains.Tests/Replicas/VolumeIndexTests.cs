using k8s.Models;
using Orleans.StatefulSets.Grains.Journal;
using Orleans.StatefulSets.Grains.Replicas;
using Orleans.StatefulSets.Grains.Tests.Objects;
using Orleans.StatefulSets.Resources.Objects;

namespace Orleans.StatefulSets.Grains.Tests.Replicas;

public sealed class VolumeIndexTests
{
    private readonly Replica replica = new(new JournalOptions(), _ => Task.FromResult(0L), TimeProvider.System);
    private readonly VolumeIndex index;

    public VolumeIndexTests() => index = new VolumeIndex(replica);

    [Fact]
    public void A_claim_may_get_the_free_volumes_and_those_that_are_kept_for_it()
    {
        replica.Load([Volume("c", 1), Volume("a", 2), Volume("kept", 3, "web"), Volume("other", 4, "db"), Samples.ConfigMap("x", 5)], 5);

        Assert.Equal(["a", "c", "kept"], Names("web"));
        Assert.Equal(["a", "c", "other"], Names("db"));
        Assert.Equal(["a", "c"], Names("web", "elsewhere"));
    }

    [Fact]
    public void What_is_bound_meanwhile_or_set_free_or_gone_is_found_where_it_is_now()
    {
        replica.Load([Volume("a", 1), Volume("b", 2, "web"), Volume("c", 3)], 3);

        replica.Apply(Samples.Slice(6, Put(Volume("a", 4, "db")), Put(Volume("b", 5)), new PublishedRevision(Volume("c", 6), true)));

        Assert.Equal(["b"], Names("web"));
        Assert.Equal(["b", "a"], Names("db"));
    }

    [Fact]
    public void A_volume_whose_claim_is_gone_or_another_of_its_name_is_without_one()
    {
        replica.Load([Volume("a", 1, "config"), Volume("b", 2, "gone"), Volume("c", 3, "other"), Volume("free", 4), Claim("config", "uid", 5), Claim("other", "later", 6)], 6);

        Assert.Equal(["b", "c"], index.WithoutClaim().Select(key => key.Name).Order());
    }

    private static StoredObject Claim(string name, string uid, long version) => Samples.Stored(
        new V1PersistentVolumeClaim { ApiVersion = "v1", Kind = "PersistentVolumeClaim", Metadata = new V1ObjectMeta { Name = name, NamespaceProperty = "default", Uid = uid } },
        version);

    private IEnumerable<string> Names(string claim, string space = "default") => index.For(space, claim).Select(volume => volume.Metadata.Name);

    private static PublishedRevision Put(StoredObject item) => new(item, false);

    private static StoredObject Volume(string name, long version, string? claim = null) => Samples.Stored(
        new V1PersistentVolume
        {
            ApiVersion = "v1",
            Kind = "PersistentVolume",
            Metadata = new V1ObjectMeta { Name = name, Uid = $"uid-{name}" },
            Spec = new V1PersistentVolumeSpec { ClaimRef = claim is null ? null : new V1ObjectReference { NamespaceProperty = "default", Name = claim, Uid = "uid" } },
        },
        version);
}
