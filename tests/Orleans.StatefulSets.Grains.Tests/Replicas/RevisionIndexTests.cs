using k8s.Models;
using Orleans.StatefulSets.Grains.Journal;
using Orleans.StatefulSets.Grains.Replicas;
using Orleans.StatefulSets.Grains.Tests.Objects;
using Orleans.StatefulSets.Resources.Objects;

namespace Orleans.StatefulSets.Grains.Tests.Replicas;

public sealed class RevisionIndexTests
{
    private readonly Replica replica = new(new JournalOptions(), _ => Task.FromResult(0L), TimeProvider.System);
    private readonly RevisionIndex index;

    public RevisionIndexTests() => index = new RevisionIndex(replica);

    [Fact]
    public void Those_without_a_controller_are_found_whatever_becomes_of_them()
    {
        replica.Load([Revision("a", 1), Revision("b", 2, controller: true), Revision("c", 3, controller: false), Samples.ConfigMap("x", 4)], 4);
        Assert.Equal(["a", "c"], Names());
        Assert.Empty(index.WithoutController("elsewhere"));

        replica.Apply(Samples.Slice(7, new(Revision("a", 5, controller: true), false), new(Revision("b", 6), false), new(Revision("c", 7), true)));
        Assert.Equal(["b"], Names());
    }

    private static StoredObject Revision(string name, long version, bool? controller = null) => Samples.Stored(
        new V1ControllerRevision
        {
            ApiVersion = "apps/v1",
            Kind = "ControllerRevision",
            Metadata = new V1ObjectMeta
            {
                Name = name,
                NamespaceProperty = "default",
                Uid = $"uid-{name}",
                OwnerReferences = controller is null ? null
                    : [new V1OwnerReference { ApiVersion = "apps/v1", Kind = "StatefulSet", Name = "web", Uid = "uid-web", Controller = controller }],
            },
        },
        version);

    private IEnumerable<string> Names() => index.WithoutController("default").Select(item => item.Key.Name).Order();
}
