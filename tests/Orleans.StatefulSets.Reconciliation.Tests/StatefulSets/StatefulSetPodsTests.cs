using k8s.Models;
using Orleans.StatefulSets.Reconciliation.StatefulSets;

namespace Orleans.StatefulSets.Reconciliation.Tests.StatefulSets;

public sealed class StatefulSetPodsTests
{
    [Fact]
    public void A_new_pod_has_the_identity_of_its_ordinal_and_leaves_its_template_as_it_was()
    {
        var set = SetManifests.Set(claims: 1);
        var template = SetManifests.Template("nginx:1");
        template = template with
        {
            Metadata = template.Metadata with { Annotations = new Dictionary<string, string> { ["a"] = "b" }, Finalizers = ["example.com/f"] },
            Spec = template.Spec with { Volumes = [new V1Volume { Name = "www", EmptyDir = new() }, new V1Volume { Name = "tmp", EmptyDir = new() }] },
        };

        var pod = StatefulSetPods.New(set, template, "web-abc", 7);

        Assert.Equal(("web-7", "web-", "default"), (pod.Metadata.Name, pod.Metadata.GenerateName, pod.Metadata.NamespaceProperty));
        Assert.Equal(
            new SortedDictionary<string, string>
            {
                ["app"] = "nginx",
                ["apps.kubernetes.io/pod-index"] = "7",
                ["controller-revision-hash"] = "web-abc",
                ["statefulset.kubernetes.io/pod-name"] = "web-7",
            },
            new SortedDictionary<string, string>(pod.Metadata.Labels));
        Assert.Equal("b", pod.Metadata.Annotations["a"]);
        Assert.Equal("example.com/f", Assert.Single(pod.Metadata.Finalizers));
        Assert.Equal(("web-7", "nginx"), (pod.Spec.Hostname, pod.Spec.Subdomain));
        var owner = Assert.Single(pod.Metadata.OwnerReferences);
        Assert.Equal(("apps/v1", "StatefulSet", "web", "set-uid", true, true), (owner.ApiVersion, owner.Kind, owner.Name, owner.Uid, owner.Controller, owner.BlockOwnerDeletion));
        Assert.Equal(["www", "tmp"], pod.Spec.Volumes.Select(volume => volume.Name));
        Assert.Equal("www-web-7", pod.Spec.Volumes[0].PersistentVolumeClaim.ClaimName);
        Assert.Null(pod.Spec.Volumes[0].EmptyDir);
        Assert.NotNull(template.Spec.Volumes[0].EmptyDir);
        Assert.Single(template.Metadata.Labels);
        Assert.Same(template.Spec.Containers, pod.Spec.Containers);
    }

    [Fact]
    public void A_pod_that_lost_its_labels_and_volume_is_mended_to_what_is_observed_as_matching()
    {
        var set = SetManifests.Set(claims: 1);
        var pod = StatefulSetPods.New(set, set.Spec.Template, "web-abc", 0);
        var damaged = pod with
        {
            Metadata = pod.Metadata with { Labels = new Dictionary<string, string> { ["app"] = "nginx" } },
            Spec = pod.Spec with { Volumes = null },
        };

        var seen = PodObservation.Of(set, damaged, 1)!;
        var mended = PodObservation.Of(set, StatefulSetPods.Mend(set, damaged), 2)!;

        Assert.False(seen.IdentityMatches || seen.StorageMatches);
        Assert.True(mended is { IdentityMatches: true, StorageMatches: true });
    }

    [Theory]
    [InlineData("web-0", 0)]
    [InlineData("web-12", 12)]
    [InlineData("web-012", -1)]
    [InlineData("web-", -1)]
    [InlineData("web-1x", -1)]
    [InlineData("web-x-1", -1)]
    [InlineData("web-99999999999", -1)]
    [InlineData("webs-1", -1)]
    public void A_pods_name_says_its_ordinal_or_is_not_of_the_set(string name, int ordinal) =>
        Assert.Equal(ordinal, StatefulSetNames.OrdinalOf("web", name));

    [Fact]
    public void A_claim_has_its_templates_labels_and_the_selectors()
    {
        var set = SetManifests.Set(claims: 1);
        var template = set.Spec.VolumeClaimTemplates[0];
        template = template with { Metadata = template.Metadata with { Labels = new Dictionary<string, string> { ["app"] = "mine", ["tier"] = "disk" } } };

        var claim = StatefulSetClaims.New(set, template, 3);

        Assert.Equal("www-web-3", claim.Metadata.Name);
        Assert.Equal(("nginx", "disk"), (claim.Metadata.Labels["app"], claim.Metadata.Labels["tier"]));
        Assert.Null(claim.Metadata.OwnerReferences);
        Assert.Same(template.Spec, claim.Spec);
        Assert.Equal("mine", template.Metadata.Labels["app"]);
    }
}
