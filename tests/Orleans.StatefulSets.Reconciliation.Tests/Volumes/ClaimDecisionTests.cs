using k8s.Models;
using Orleans.StatefulSets.Reconciliation.Volumes;

namespace Orleans.StatefulSets.Reconciliation.Tests.Volumes;

public sealed class ClaimDecisionTests
{
    [Fact]
    public void A_claim_without_a_class_or_a_volume_waits_and_says_so() => Says(
        Storage.Situation(Storage.Claim(storageClass: "")),
        "Normal FailedBinding no persistent volumes available for this claim and no storage class is set");

    [Fact]
    public void A_claim_whose_class_waits_says_that_it_does() => Says(
        Storage.Situation(Storage.Claim(), Storage.Class("WaitForFirstConsumer")),
        "Normal WaitForFirstConsumer waiting for first consumer to be created before binding");

    [Fact]
    public void A_claim_whose_pod_has_no_node_yet_names_the_pod() => Says(
        Storage.Situation(Storage.Claim(), Storage.Class("WaitForFirstConsumer")) with { UnscheduledPod = "web-0" },
        "Normal WaitForPodScheduled waiting for pod web-0 to be scheduled");

    [Fact]
    public void A_class_that_is_not_there_fails_the_provisioning() => Says(
        Storage.Situation(Storage.Claim(storageClass: "fast")),
        "Warning ProvisioningFailed storageclass.storage.k8s.io \"fast\" not found");

    [Fact]
    public void A_class_without_a_provisioner_makes_nothing() => Says(
        Storage.Situation(Storage.Claim(), Storage.Class(provisioner: "kubernetes.io/no-provisioner")),
        "Warning ProvisioningFailed no volume plugin matched name: kubernetes.io/no-provisioner");

    [Theory]
    [InlineData("512Mi", "standard", "Filesystem", "ReadWriteOnce", "requested PV is too small")]
    [InlineData("1Gi", "fast", "Filesystem", "ReadWriteOnce", "storageClassName does not match")]
    [InlineData("1Gi", "standard", "Block", "ReadWriteOnce", "incompatible volumeMode")]
    [InlineData("1Gi", "standard", "Filesystem", "ReadOnlyMany", "incompatible accessMode")]
    public void A_volume_asked_for_by_name_that_does_not_fit_is_refused(string size, string storageClass, string mode, string access, string why)
    {
        var volume = Storage.Volume(size: size, storageClass: storageClass);
        volume = volume with { Spec = volume.Spec with { VolumeMode = mode, AccessModes = [access] } };
        Says(
            Storage.Situation(Storage.Claim(volume: "pv-1")) with { BoundVolume = volume },
            $"Warning VolumeMismatch Cannot bind to requested volume \"pv-1\": {why}");
    }

    [Fact]
    public void A_volume_asked_for_by_name_that_is_somebody_elses_is_refused() => Says(
        Storage.Situation(Storage.Claim(volume: "pv-1")) with { BoundVolume = Storage.Volume(claimRef: Storage.Ref("c2", "other")) },
        "Warning FailedBinding volume \"pv-1\" already bound to a different claim.");

    // sig-storage-lib-external-provisioner: retries back off exponentially, from 1 s, and each try is told.
    [Fact]
    public void A_provisioner_that_fails_is_asked_again_after_one_two_and_four_seconds_and_each_try_is_told()
    {
        var situation = Storage.Situation(Storage.Claim(), Storage.Class()) with { ProvisioningProblem = "no answer" };
        List<(double At, string Told)> tries = [];
        while (tries.Count < 3)
        {
            var plan = ClaimDecision.Decide(situation);
            Assert.Null(plan.Provision);
            if (plan.ProvisioningFailed)
            {
                tries.Add(((situation.Now - Storage.Now).TotalSeconds, plan.Told().Last()));
                situation = situation with { ProvisioningTries = new ProvisioningTries(tries.Count, situation.Now) };
            }

            Assert.True(plan.RetryAt > situation.Now);
            situation = situation with { Now = plan.RetryAt.Value, Claim = plan.Revisions is [.., var last] ? last : situation.Claim };
        }

        Assert.Equal([0d, 1, 3], tries.Select(one => one.At));
        Assert.All(tries, one => Assert.Equal("Warning ProvisioningFailed failed to provision volume with StorageClass \"standard\": no answer", one.Told));
        Assert.NotNull(ClaimDecision.Decide(situation with { ProvisioningProblem = null }).Provision);
        Assert.Equal(TimeSpan.FromMinutes(5), new ProvisioningTries(60, Storage.Now).NextAt - Storage.Now);
    }

    [Fact]
    public void Who_waits_for_the_next_try_is_not_served_before_it_though_nothing_is_in_the_way_any_more()
    {
        var plan = ClaimDecision.Decide(Storage.Situation(Storage.Claim(), Storage.Class()) with { ProvisioningTries = new ProvisioningTries(2, Storage.Now) });

        Assert.Equal((null, Storage.Now.AddSeconds(2), false), (plan.Provision, plan.RetryAt, plan.ProvisioningBegins));
    }

    [Fact]
    public void A_new_claim_becomes_pending_once()
    {
        var plan = ClaimDecision.Decide(Storage.Situation(Storage.Claim(storageClass: "", phase: null)));
        Assert.Equal("Pending", Assert.Single(plan.Revisions).Status.Phase);
        Assert.Empty(ClaimDecision.Decide(Storage.Situation(Storage.Claim(storageClass: ""))).Revisions);
    }

    [Fact]
    public void Provisioning_marks_the_claim_waits_makes_the_volume_and_binds_in_two_revisions()
    {
        var situation = Storage.Situation(Storage.Claim(), Storage.Class("WaitForFirstConsumer")) with
        {
            SelectedNode = "node-1",
            ProvisioningLatency = TimeSpan.FromSeconds(2),
        };
        var begin = ClaimDecision.Decide(situation);
        Assert.True(begin.ProvisioningBegins);
        Assert.Equal(Storage.Now.AddSeconds(2), begin.RetryAt);
        Assert.Equal(
            [
                "Normal ExternalProvisioning Waiting for a volume to be created either by the external provisioner 'rancher.io/local-path' or manually by the system administrator. If volume creation is delayed, please verify that the provisioner is running and correctly registered.",
                "Normal Provisioning External provisioner is provisioning volume for claim \"default/www-web-0\"",
            ],
            begin.Told());
        var marked = Assert.Single(begin.Revisions);
        Assert.Equal(
            ["volume.beta.kubernetes.io/storage-provisioner=rancher.io/local-path", "volume.kubernetes.io/selected-node=node-1", "volume.kubernetes.io/storage-provisioner=rancher.io/local-path"],
            Annotations(marked.Metadata));
        Assert.Null(situation.Claim.Metadata.Annotations);

        situation = situation with { Claim = marked, SelectedNode = null, ProvisioningSince = Storage.Now, Now = Storage.Now.AddSeconds(1) };
        var waiting = ClaimDecision.Decide(situation);
        Assert.Equal((Storage.Now.AddSeconds(2), 0, 0, false), (waiting.RetryAt!.Value, waiting.Revisions.Count, waiting.Events.Count, waiting.ProvisioningBegins));

        situation = situation with { Now = Storage.Now.AddSeconds(2) };
        var made = ClaimDecision.Decide(situation);
        Assert.Equal(["Normal ProvisioningSucceeded Successfully provisioned volume pvc-c1"], made.Told());
        var volume = made.Provision!;

        Assert.Null(made.Bind);
        Assert.Equal([("pvc-c1", "Pending"), ("pvc-c1", "Bound")], made.Revisions.Select(claim => (claim.Spec.VolumeName, claim.Status.Phase)));
        var last = made.Revisions[^1];
        Assert.Equal("1Gi", last.Status.Capacity["storage"].ToString());
        Assert.Equal(["ReadWriteOnce"], last.Status.AccessModes);
        Assert.Equal(("yes", "yes"), (last.Metadata.Annotations[VolumeNames.BindCompleted], last.Metadata.Annotations[VolumeNames.BoundByController]));
        Assert.Equivalent(ClaimPlan.Nothing, ClaimDecision.Decide(situation with { Claim = last, BoundVolume = volume }));

        // The server ended after the volume was made: what is left of the binding is done.
        var resumed = ClaimDecision.Decide(situation with { BoundVolume = volume, ProvisioningSince = null });
        Assert.Null(resumed.Provision);
        Assert.Equal(["Pending", "Bound"], resumed.Revisions.Select(claim => claim.Status.Phase));
    }

    [Fact]
    public void Without_latency_one_plan_marks_makes_and_binds()
    {
        var plan = ClaimDecision.Decide(Storage.Situation(Storage.Claim(), Storage.Class()));
        Assert.NotNull(plan.Provision);
        Assert.Null(plan.RetryAt);
        Assert.Equal(["ExternalProvisioning", "Provisioning", "ProvisioningSucceeded"], plan.Events.Select(told => told.Reason));
        Assert.Equal(
            ["/Pending", "pvc-c1/Pending", "pvc-c1/Bound"], plan.Revisions.Select(claim => $"{claim.Spec.VolumeName}/{claim.Status.Phase}"));
    }

    [Fact]
    public void A_made_volume_is_the_claims_own_and_as_its_class_says()
    {
        var storageClass = Storage.Class() with { ReclaimPolicy = "Retain" };
        var plan = ClaimDecision.Decide(Storage.Situation(Storage.Claim(), storageClass) with { ProvisioningSince = Storage.Now });
        var volume = plan.Provision!;
        Assert.Equal("pvc-c1", volume.Metadata.Name);
        Assert.Equal(["pv.kubernetes.io/provisioned-by=rancher.io/local-path"], Annotations(volume.Metadata));
        Assert.Equal(["kubernetes.io/pv-protection"], volume.Metadata.Finalizers);
        Assert.Equal(("Retain", "standard", "Filesystem"), (volume.Spec.PersistentVolumeReclaimPolicy, volume.Spec.StorageClassName, volume.Spec.VolumeMode));
        Assert.Equal(
            ("v1", "PersistentVolumeClaim", "default", "www-web-0", "c1", "7"),
            (volume.Spec.ClaimRef.ApiVersion, volume.Spec.ClaimRef.Kind, volume.Spec.ClaimRef.NamespaceProperty, volume.Spec.ClaimRef.Name, volume.Spec.ClaimRef.Uid, volume.Spec.ClaimRef.ResourceVersion));
        Assert.Equal("/opt/local-path-provisioner/pvc-c1_default_www-web-0", volume.Spec.HostPath.Path);
        Assert.Null(volume.Spec.NodeAffinity);
    }

    [Fact]
    public void A_free_volume_is_reserved_first_and_the_claim_follows()
    {
        var situation = Storage.Situation(Storage.Claim(), Storage.Class(), Storage.Volume());
        var plan = ClaimDecision.Decide(situation);
        Assert.Equal([("pv-1", "Pending"), ("pv-1", "Bound")], plan.Revisions.Select(claim => (claim.Spec.VolumeName, claim.Status.Phase)));
        Assert.Equal(("c1", "9"), (plan.Bind!.Spec.ClaimRef.Uid, plan.Bind.Metadata.ResourceVersion));
        Assert.Equal(["pv.kubernetes.io/bound-by-controller=yes"], Annotations(plan.Bind.Metadata));

        plan = ClaimDecision.Decide(situation with { AvailableVolumes = [plan.Bind] });
        Assert.Null(plan.Bind);
        Assert.Equal([("pv-1", "Pending"), ("pv-1", "Bound")], plan.Revisions.Select(claim => (claim.Spec.VolumeName, claim.Status.Phase)));
    }

    [Fact]
    public void A_volume_that_its_owner_reserved_gets_the_uid_and_no_mark_even_while_the_class_waits()
    {
        var plan = ClaimDecision.Decide(Storage.Situation(Storage.Claim(), Storage.Class("WaitForFirstConsumer"), Storage.Volume(claimRef: Storage.Ref(uid: null))));
        Assert.Equal("c1", plan.Bind!.Spec.ClaimRef.Uid);
        Assert.Null(plan.Bind.Metadata.Annotations);
    }

    [Fact]
    public void A_claim_that_named_its_volume_is_not_marked_as_bound_by_the_controller()
    {
        var plan = ClaimDecision.Decide(Storage.Situation(Storage.Claim(volume: "pv-1")) with { BoundVolume = Storage.Volume(claimRef: Storage.Ref()) });
        Assert.Equal(["pv.kubernetes.io/bind-completed=yes"], Annotations(plan.Revisions[^1].Metadata));
    }

    [Fact]
    public void A_free_volume_is_left_alone_while_the_class_waits_and_taken_once_there_is_a_node()
    {
        var situation = Storage.Situation(Storage.Claim(), Storage.Class("WaitForFirstConsumer"), Storage.Volume());
        Assert.Null(ClaimDecision.Decide(situation).Bind);
        Assert.NotNull(ClaimDecision.Decide(situation with { SelectedNode = "node-1" }).Bind);
    }

    [Fact]
    public void A_bound_claim_that_loses_its_volume_is_lost_and_told_of_once()
    {
        var claim = Storage.Claim(volume: "pv-1", phase: "Bound").Completed();
        var plan = ClaimDecision.Decide(Storage.Situation(claim));
        Assert.Equal(["Warning ClaimLost Bound claim has lost its PersistentVolume. Data on the volume is lost!"], plan.Told());
        var lost = Assert.Single(plan.Revisions);
        Assert.Equal(("Lost", null), (lost.Status.Phase, lost.Status.Capacity));
        Assert.Same(ClaimPlan.Nothing, ClaimDecision.Decide(Storage.Situation(lost)));
    }

    [Fact]
    public void A_bound_claim_without_its_volumes_name_is_lost() => Assert.Equal(
        ["Warning ClaimLost Bound claim has lost reference to PersistentVolume. Data on the volume is lost!"],
        ClaimDecision.Decide(Storage.Situation(Storage.Claim(phase: "Bound").Completed())).Told());

    [Fact]
    public void Of_two_claims_on_one_volume_the_wrong_one_is_lost() => Assert.Equal(
        ["Warning ClaimMisbound Two claims are bound to the same volume, this one is bound incorrectly"],
        ClaimDecision.Decide(Storage.Situation(Storage.Claim(volume: "pv-1", phase: "Bound").Completed()) with
        {
            BoundVolume = Storage.Volume(claimRef: Storage.Ref("c2")),
        }).Told());

    [Fact]
    public void A_bound_claim_whose_volume_forgot_it_is_bound_again()
    {
        var situation = Storage.Situation(Storage.Claim(volume: "pv-1", phase: "Bound").Completed()) with { BoundVolume = Storage.Volume() };
        Assert.Equal("c1", ClaimDecision.Decide(situation).Bind!.Spec.ClaimRef.Uid);
    }

    [Fact]
    public void A_claim_that_is_deleted_stays_while_it_is_used_and_goes_afterwards()
    {
        var situation = Storage.Situation(Storage.Claim(volume: "pv-1", phase: "Bound").Completed().Deleted()) with
        {
            BoundVolume = Storage.Volume(claimRef: Storage.Ref()),
            InUse = true,
        };
        Assert.False(ClaimDecision.Decide(situation).Removed);
        var plan = ClaimDecision.Decide(situation with { InUse = false });
        Assert.True(plan.Removed);
        Assert.Null(Assert.Single(plan.Revisions).Metadata.Finalizers);
    }

    [Fact]
    public void A_finalizer_of_somebody_else_keeps_a_deleted_claim()
    {
        var claim = Storage.Claim().Deleted();
        claim = claim with { Metadata = claim.Metadata with { Finalizers = ["example.com/mine", VolumeNames.ClaimProtection] } };
        var plan = ClaimDecision.Decide(Storage.Situation(claim));
        Assert.False(plan.Removed);
        Assert.Equal(["example.com/mine"], Assert.Single(plan.Revisions).Metadata.Finalizers);
    }

    private static void Says(ClaimSituation situation, string told)
    {
        var plan = ClaimDecision.Decide(situation);
        Assert.Equal([told], plan.Told());
        Assert.Empty(plan.Revisions);
        Assert.Null(plan.Bind);
        Assert.Null(plan.Provision);
    }

    private static IEnumerable<string> Annotations(V1ObjectMeta metadata) =>
        metadata.Annotations.Select(pair => $"{pair.Key}={pair.Value}").Order(StringComparer.Ordinal);
}
