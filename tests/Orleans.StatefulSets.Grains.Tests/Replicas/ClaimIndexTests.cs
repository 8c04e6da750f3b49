using k8s.Models;
using Orleans.StatefulSets.Grains.Journal;
using Orleans.StatefulSets.Grains.Replicas;
using Orleans.StatefulSets.Grains.Tests.Objects;
using Orleans.StatefulSets.Resources.Objects;

namespace Orleans.StatefulSets.Grains.Tests.Replicas;

public sealed class ClaimIndexTests
{
    private readonly Replica replica = new(new JournalOptions(), _ => Task.FromResult(0L), TimeProvider.System);
    private readonly ClaimIndex index;

    public ClaimIndexTests() => index = new ClaimIndex(replica);

    [Fact]
    public void The_pods_that_use_a_claim_are_found_as_long_as_they_are_not_over()
    {
        replica.Load([Pod("b", 1, ["data"]), Pod("a", 2, ["data", "more"]), Pod("none", 3, []), Pod("over", 4, ["data"], phase: "Failed"), Samples.ConfigMap("x", 5)], 5);
        Assert.Equal(["a", "b"], Users("data"));
        Assert.Equal(["a"], Users("more"));
        Assert.Empty(index.UsersOf("elsewhere", "data"));

        replica.Apply(Samples.Slice(8, Put(Pod("a", 6, ["data", "more"], phase: "Succeeded")), new PublishedRevision(Pod("b", 7, ["data"]), true), Put(Pod("c", 8, ["data"]))));
        Assert.Equal(["c"], Users("data"));
        Assert.Empty(Users("more"));
    }

    [Fact]
    public void Another_pod_of_the_name_uses_what_it_says_itself()
    {
        replica.Load([Pod("a", 1, ["before"])], 1);

        replica.Load([Pod("a", 2, ["now"], uid: "uid-next")], 2);

        Assert.Empty(Users("before"));
        Assert.Equal(["a"], Users("now"));
    }

    private static PublishedRevision Put(StoredObject item) => new(item, false);

    private static StoredObject Pod(string name, long version, string[] claims, string phase = "Running", string uid = "")
    {
        var pod = Samples.Pod(name, "node-1", uid, phase);
        return Samples.Stored(
            pod with
            {
                Spec = pod.Spec with
                {
                    Volumes =
                    [
                        new V1Volume { Name = "tmp", EmptyDir = new V1EmptyDirVolumeSource() },
                        .. claims.Select(claim => new V1Volume { Name = claim, PersistentVolumeClaim = new V1PersistentVolumeClaimVolumeSource { ClaimName = claim } }),
                    ],
                },
            },
            version);
    }

    private IEnumerable<string> Users(string claim) => index.UsersOf("default", claim).Select(pod => pod.Key.Name);
}
