using k8s.Models;
using Orleans.StatefulSets.Grains.Journal;
using Orleans.StatefulSets.Grains.Replicas;
using Orleans.StatefulSets.Grains.Tests.Objects;
using Orleans.StatefulSets.Resources.Kinds;

namespace Orleans.StatefulSets.Grains.Tests.Replicas;

public sealed class AddressIndexTests
{
    private readonly Replica replica = new(new JournalOptions(), _ => Task.FromResult(0L), TimeProvider.System);
    private readonly AddressIndex index;
    private long version;

    public AddressIndexTests()
    {
        index = new AddressIndex(replica, ResourceKinds.Nodes, item => item.As<V1Node>().Spec?.PodCIDR);
        replica.Load([], 0);
    }

    [Fact]
    public void An_address_is_taken_as_long_as_anybody_has_it()
    {
        Put("a", "10.0.0.0/24");
        Put("b", "10.0.0.0/24");
        Put("c", null);
        Assert.True(index.IsTaken("10.0.0.0/24"));

        Put("a", "10.0.0.0/24", deleted: true);
        Assert.Equal((true, 0), (index.IsTaken("10.0.0.0/24"), index.Releases));

        Put("b", "10.0.1.0/24");
        Assert.Equal((false, true, 1), (index.IsTaken("10.0.0.0/24"), index.IsTaken("10.0.1.0/24"), index.Releases));
    }

    [Fact]
    public void A_copy_that_is_filled_anew_forgets_what_went_meanwhile()
    {
        Put("a", "10.0.0.0/24");
        Put("b", "10.0.1.0/24");

        replica.Load([Samples.Stored(Node("b", "10.0.1.0/24"), 2)], 9);

        Assert.Equal((false, true), (index.IsTaken("10.0.0.0/24"), index.IsTaken("10.0.1.0/24")));
    }

    private void Put(string name, string? range, bool deleted = false) =>
        replica.Apply(Samples.Slice(++version, new PublishedRevision(Samples.Stored(Node(name, range), version), deleted)));

    private static V1Node Node(string name, string? range) => new()
    {
        ApiVersion = "v1",
        Kind = "Node",
        Metadata = new V1ObjectMeta { Name = name, Uid = $"uid-{name}" },
        Spec = new V1NodeSpec { PodCIDR = range },
    };
}
