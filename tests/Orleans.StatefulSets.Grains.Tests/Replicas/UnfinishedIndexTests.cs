using k8s.Models;
using Orleans.StatefulSets.Grains.Journal;
using Orleans.StatefulSets.Grains.Replicas;
using Orleans.StatefulSets.Grains.Tests.Objects;

namespace Orleans.StatefulSets.Grains.Tests.Replicas;

public sealed class UnfinishedIndexTests
{
    [Theory]
    [InlineData("Pending", false, true)]
    [InlineData("Running", false, true)]
    [InlineData("Running", true, false)]
    [InlineData("Succeeded", false, false)]
    [InlineData("Failed", false, false)]
    public void A_pod_is_unfinished_until_it_is_ready_or_over(string phase, bool ready, bool unfinished) =>
        Assert.Equal(unfinished, UnfinishedIndex.IsUnfinished(Samples.Stored(Samples.Pod("web-0", "node-1", phase: phase, ready: ready), 1)));

    [Fact]
    public void Whatever_is_being_deleted_is_unfinished()
    {
        var pod = Samples.Pod("web-0", "node-1", phase: "Running", ready: true);

        Assert.True(UnfinishedIndex.IsUnfinished(Samples.Stored(pod with { Metadata = pod.Metadata with { DeletionTimestamp = new DateTime(2026, 1, 1, 0, 0, 0, DateTimeKind.Utc) } }, 1)));
    }

    [Theory]
    [InlineData(1, 2, 2, "a", "a", false)]
    [InlineData(2, 2, 2, "a", "a", true)]
    [InlineData(1, 1, 2, "a", "a", true)]
    [InlineData(1, 2, 1, "a", "a", true)]
    [InlineData(1, 2, 2, "a", "b", true)]
    public void A_set_is_unfinished_until_its_status_says_what_its_spec_says(long generation, int replicas, int ready, string current, string update, bool unfinished)
    {
        var set = new V1StatefulSet
        {
            ApiVersion = "apps/v1",
            Kind = "StatefulSet",
            Metadata = new V1ObjectMeta { Name = "web", NamespaceProperty = "default", Uid = "1", Generation = generation },
            Spec = new V1StatefulSetSpec { Replicas = 2, ServiceName = "web", Selector = new V1LabelSelector(), Template = new V1PodTemplateSpec() },
            Status = new V1StatefulSetStatus
            {
                ObservedGeneration = 1,
                Replicas = replicas,
                ReadyReplicas = ready,
                AvailableReplicas = ready,
                CurrentRevision = current,
                UpdateRevision = update,
            },
        };

        Assert.Equal(unfinished, UnfinishedIndex.IsUnfinished(Samples.Stored(set, 1)));
    }

    [Fact]
    public void What_is_finished_or_gone_leaves_the_index()
    {
        var replica = new Replica(new JournalOptions(), _ => Task.FromResult(0L), TimeProvider.System);
        var index = new UnfinishedIndex(replica);
        replica.Load([Samples.Stored(Samples.Pod("web-0"), 1), Samples.Stored(Samples.Pod("web-1"), 2), Samples.ConfigMap("a", 3)], 3);
        Assert.Equal(["web-0", "web-1"], index.Keys().Select(key => key.Name).Order());

        replica.Apply(Samples.Slice(
            5,
            new PublishedRevision(Samples.Stored(Samples.Pod("web-0", "node-1", phase: "Running", ready: true), 4), false),
            new PublishedRevision(Samples.Stored(Samples.Pod("web-1"), 5), true)));

        Assert.Empty(index.Keys());
    }
}
