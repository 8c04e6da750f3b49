using k8s.Models;
using Orleans.StatefulSets.Reconciliation.StatefulSets;

namespace Orleans.StatefulSets.Reconciliation.Tests.StatefulSets;

public sealed class ClaimRetentionTests
{
    private static readonly PodReference Pod = new("web-0", "pod-uid");

    [Fact]
    public void A_reference_that_is_no_controller_is_made_one()
    {
        var corrected = Correction("Retain", "Delete", Owner("apps/v1", "StatefulSet", "web", "set-uid", controller: null));

        var owner = Assert.Single(corrected!);
        Assert.True(owner is { Controller: true, BlockOwnerDeletion: true, Uid: "set-uid" });
    }

    [Fact]
    public void Another_owner_stays_beside_the_set() =>
        Assert.Equal(["Backup", "StatefulSet"], Correction("Retain", "Delete", Owner("v1", "Backup", "b", "b-uid", null))!.Select(owner => owner.Kind));

    [Fact]
    public void A_claim_with_another_controller_is_left_to_it()
    {
        var other = Owner("v1", "Backup", "b", "b-uid", controller: true);

        Assert.Null(Correction("Retain", "Delete", other));
        Assert.Equal(["Backup"], Correction("Retain", "Delete", other, Owner("apps/v1", "StatefulSet", "web", "set-uid", true))!.Select(owner => owner.Kind));
        Assert.Null(Correction("Retain", "Retain", other));
    }

    [Theory]
    [InlineData("apps/v1", "StatefulSet", "web")]
    [InlineData("v1", "Pod", "web-0")]
    public void A_claim_that_follows_a_former_owner_of_the_same_name_is_not_touched(string version, string kind, string name) =>
        Assert.Null(Correction("Delete", "Delete", Owner(version, kind, name, "former-uid", true)));

    private static IReadOnlyList<V1OwnerReference>? Correction(string scaled, string deleted, params V1OwnerReference[] owners)
    {
        var set = SetManifests.Set();
        set = set with { Spec = set.Spec with { PersistentVolumeClaimRetentionPolicy = new() { WhenScaled = scaled, WhenDeleted = deleted } } };
        var claim = new ClaimObservation { Name = "www-web-0", Uid = "claim-uid", ResourceVersion = 1, Ordinal = 0, OwnerReferences = owners };
        return ClaimRetention.Correction(SetFrame.Of(set, "web-abc"), claim, Pod);
    }

    private static V1OwnerReference Owner(string version, string kind, string name, string uid, bool? controller) =>
        new() { ApiVersion = version, Kind = kind, Name = name, Uid = uid, Controller = controller };
}
