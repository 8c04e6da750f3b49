using k8s.Models;
using Orleans.StatefulSets.Reconciliation.Volumes;

namespace Orleans.StatefulSets.Reconciliation.Tests.Volumes;

public sealed class VolumeDecisionTests
{
    [Fact]
    public void A_volume_without_a_claim_becomes_available()
    {
        var plan = Decide(Storage.Volume(phase: "Pending"));
        var status = Assert.Single(plan.Revisions).Status;
        Assert.Equal(("Available", Storage.Now), (status.Phase, status.LastPhaseTransitionTime!.Value));
        Assert.Same(VolumePlan.Nothing, Decide(Storage.Volume()));
    }

    [Fact]
    public void A_reserved_volume_is_available_and_tells_its_claim_once_there_is_one()
    {
        var volume = Storage.Volume(claimRef: Storage.Ref(uid: null));
        Assert.False(Decide(volume).TellClaim);
        Assert.True(Decide(volume, Storage.Claim()).TellClaim);
    }

    [Theory]
    [InlineData(null)]
    [InlineData("pv-1")]
    public void A_volume_whose_claim_is_there_is_bound(string? volumeName)
    {
        var plan = Decide(Storage.Volume(claimRef: Storage.Ref()), Storage.Claim(volume: volumeName));
        Assert.Equal(["Bound"], Phases(plan));
        Assert.Equal(volumeName is null, plan.TellClaim);
    }

    [Fact]
    public void A_volume_of_another_mode_than_its_claim_says_so()
    {
        var volume = Storage.Volume(claimRef: Storage.Ref());
        var plan = Decide(volume with { Spec = volume.Spec with { VolumeMode = "Block" } }, Storage.Claim());
        Assert.Equal(
            "Cannot bind PersistentVolume \"pv-1\" to requested PersistentVolumeClaim \"www-web-0\" due to incompatible volumeMode.",
            Assert.Single(plan.Events).Message);
    }

    [Theory]
    [InlineData("Retain", false, false)]
    [InlineData("Retain", true, false)]
    [InlineData("Delete", false, true)]
    [InlineData("Delete", true, true)]
    public void A_volume_whose_claim_is_gone_or_another_of_its_name_is_released_and_kept_or_deleted(string reclaim, bool another, bool deleted)
    {
        var claim = Storage.Claim();
        var plan = Decide(
            Storage.Volume(phase: "Bound", claimRef: Storage.Ref(), reclaim: reclaim),
            another ? claim with { Metadata = claim.Metadata with { Uid = "c2" } } : null);
        Assert.Equal(["Released"], Phases(plan));
        Assert.Equal(deleted, plan.Delete);
    }

    [Fact]
    public void A_recycled_volume_is_free_again_for_anybody()
    {
        var plan = Decide(Storage.Volume(phase: "Bound", claimRef: Storage.Ref(), reclaim: "Recycle").With(VolumeNames.BoundByController));
        Assert.Equal(["Released", "Released", "Available"], Phases(plan));
        Assert.Null(plan.Revisions[^1].Spec.ClaimRef);
        Assert.Null(plan.Revisions[^1].Metadata.Annotations);
        Assert.Equal(("VolumeRecycled", "Volume recycled"), (plan.Events[0].Reason, plan.Events[0].Message));
    }

    [Fact]
    public void A_volume_whose_claim_took_another_is_freed_and_a_reservation_by_hand_stays()
    {
        var claim = Storage.Claim(volume: "pv-2");
        var plan = Decide(Storage.Volume(phase: "Bound", claimRef: Storage.Ref()).With(VolumeNames.BoundByController), claim);
        Assert.Null(plan.Revisions[^1].Spec.ClaimRef);
        Assert.Equal("Available", plan.Revisions[^1].Status.Phase);

        plan = Decide(Storage.Volume(phase: "Bound", claimRef: Storage.Ref()), claim);
        Assert.Equal(("www-web-0", null), (plan.Revisions[^1].Spec.ClaimRef.Name, plan.Revisions[^1].Spec.ClaimRef.Uid));
    }

    [Fact]
    public void A_volume_that_was_made_for_a_claim_which_took_another_is_deleted()
    {
        var plan = Decide(
            Storage.Volume(phase: "Bound", claimRef: Storage.Ref(), reclaim: "Delete").With(VolumeNames.ProvisionedBy), Storage.Claim(volume: "pv-2"));
        Assert.True(plan.Delete);
        Assert.Equal(["Released"], Phases(plan));
    }

    [Fact]
    public void A_deleted_volume_stays_while_it_is_bound_and_goes_when_it_is_released()
    {
        var volume = Storage.Volume(phase: "Bound", claimRef: Storage.Ref(), reclaim: "Delete").Deleted();
        Assert.Same(VolumePlan.Nothing, Decide(volume, Storage.Claim(volume: "pv-1")));
        var plan = Decide(volume);
        Assert.Equal(["Released", "Released"], Phases(plan));
        Assert.Equal((true, false), (plan.Removed, plan.Delete));
        Assert.Null(plan.Revisions[^1].Metadata.Finalizers);
    }

    [Fact]
    public void The_default_class_is_dynamic_and_waits_for_its_consumer()
    {
        var standard = StorageClasses.Standard(Storage.Now);
        Assert.Equal(
            ("standard", "rancher.io/local-path", "Delete", "WaitForFirstConsumer", "true"),
            (standard.Metadata.Name, standard.Provisioner, standard.ReclaimPolicy, standard.VolumeBindingMode,
                standard.Metadata.Annotations["storageclass.kubernetes.io/is-default-class"]));
    }

    private static IEnumerable<string> Phases(VolumePlan plan) => plan.Revisions.Select(volume => volume.Status.Phase);

    private static VolumePlan Decide(V1PersistentVolume volume, V1PersistentVolumeClaim? claim = null) =>
        VolumeDecision.Decide(new VolumeSituation { Volume = volume, Claim = claim, Now = Storage.Now });
}
