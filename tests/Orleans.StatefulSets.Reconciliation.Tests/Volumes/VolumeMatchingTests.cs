using k8s.Models;
using Orleans.StatefulSets.Reconciliation.Volumes;

namespace Orleans.StatefulSets.Reconciliation.Tests.Volumes;

public sealed class VolumeMatchingTests
{
    [Fact]
    public void The_smallest_volume_that_is_large_enough_is_taken_and_of_equals_the_first_by_name() => Assert.Equal(
        "pv-b",
        Find(Storage.Volume("pv-small", "512Mi"), Storage.Volume("pv-large", "10Gi"), Storage.Volume("pv-c", "2Gi"), Storage.Volume("pv-b", "2048Mi")));

    [Fact]
    public void A_volume_reserved_for_the_claim_goes_before_a_smaller_one() => Assert.Equal(
        "pv-mine", Find(Storage.Volume("pv-fit"), Storage.Volume("pv-mine", "50Gi", claimRef: Storage.Ref(uid: null))));

    [Fact]
    public void A_reserved_volume_that_is_too_small_is_passed_over() => Assert.Equal(
        "pv-fit", Find(Storage.Volume("pv-mine", "1Mi", claimRef: Storage.Ref(uid: null)), Storage.Volume("pv-fit")));

    [Fact]
    public void What_does_not_fit_is_not_taken()
    {
        var volume = Storage.Volume();
        V1PersistentVolume[] misfits =
        [
            Storage.Volume(phase: "Released"),
            Storage.Volume(phase: "Bound", claimRef: Storage.Ref("c2")),
            Storage.Volume(storageClass: "fast"),
            Storage.Volume().Deleted(),
            volume with { Spec = volume.Spec with { AccessModes = ["ReadWriteMany"] } },
            volume with { Spec = volume.Spec with { VolumeMode = "Block" } },
        ];
        Assert.All(misfits, misfit => Assert.Null(Find(misfit)));
        Assert.NotNull(Find(volume));
    }

    [Fact]
    public void A_claims_selector_goes_by_the_volumes_labels()
    {
        var claim = Storage.Claim();
        claim = claim with
        {
            Spec = claim.Spec with { Selector = new V1LabelSelector { MatchLabels = new Dictionary<string, string> { ["disk"] = "ssd" } } },
        };
        var volume = Storage.Volume();
        var labelled = volume with { Metadata = volume.Metadata with { Labels = new Dictionary<string, string> { ["disk"] = "ssd" } } };
        Assert.Null(VolumeMatching.Find(claim, [volume]));
        Assert.Same(labelled, VolumeMatching.Find(claim, [volume, labelled]));
    }

    [Fact]
    public void A_volume_that_the_pods_node_cannot_reach_is_passed_over()
    {
        var volume = Storage.Volume();
        volume = volume with
        {
            Spec = volume.Spec with
            {
                NodeAffinity = new V1VolumeNodeAffinity
                {
                    Required = new V1NodeSelector
                    {
                        NodeSelectorTerms =
                        [
                            new V1NodeSelectorTerm
                            {
                                MatchFields = [new V1NodeSelectorRequirement { Key = "metadata.name", OperatorProperty = "In", Values = ["node-2"] }],
                            },
                        ],
                    },
                },
            },
        };
        Assert.Null(VolumeMatching.Find(Storage.Claim(), [volume], Node("node-1")));
        Assert.NotNull(VolumeMatching.Find(Storage.Claim(), [volume], Node("node-2")));
    }

    private static V1Node Node(string name) => new() { Metadata = new V1ObjectMeta { Name = name } };

    private static string? Find(params V1PersistentVolume[] volumes) => VolumeMatching.Find(Storage.Claim(), volumes)?.Metadata.Name;
}
