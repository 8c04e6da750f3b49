using k8s.Models;
using static Orleans.StatefulSets.Resources.Tests.Strategies.Manifests;

namespace Orleans.StatefulSets.Resources.Tests.Validation;

public sealed class StatefulSetRulesTests
{
    private static readonly Dictionary<string, (Func<V1StatefulSetSpec, V1StatefulSetSpec> Change, string Complaint)> Cases = new()
    {
        ["no selector"] = (spec => spec with { Selector = null }, "spec.selector: Required value"),
        ["empty selector"] = (
            spec => spec with { Selector = new V1LabelSelector() },
            "spec.selector: Invalid value: v1.LabelSelector{MatchLabels:map[string]string(nil), MatchExpressions:[]v1.LabelSelectorRequirement(nil)}: empty selector is invalid for statefulset"),
        ["selector of others"] = (
            spec => spec with { Selector = new V1LabelSelector { MatchLabels = new Dictionary<string, string> { ["app"] = "other" } } },
            "spec.template.metadata.labels: Invalid value: map[string]string{\"app\":\"nginx\"}: `selector` does not match template `labels`"),
        ["restart policy"] = (
            spec => WithPod(spec, pod => pod with { RestartPolicy = "Never" }),
            "spec.template.spec.restartPolicy: Unsupported value: \"Never\": supported values: \"Always\""),
        ["deadline"] = (
            spec => WithPod(spec, pod => pod with { ActiveDeadlineSeconds = 1 }),
            "spec.template.spec.activeDeadlineSeconds: Forbidden: activeDeadlineSeconds in StatefulSet is not Supported"),
        ["replicas"] = (spec => spec with { Replicas = -1 }, "spec.replicas: Invalid value: -1: must be greater than or equal to 0"),
        ["min ready"] = (spec => spec with { MinReadySeconds = -1 }, "spec.minReadySeconds: Invalid value: -1: must be greater than or equal to 0"),
        ["ordinals"] = (
            spec => spec with { Ordinals = new V1StatefulSetOrdinals { Start = -1 } },
            "spec.ordinals.start: Invalid value: -1: must be greater than or equal to 0"),
        ["partition"] = (
            spec => spec with { UpdateStrategy = new V1StatefulSetUpdateStrategy { Type = "RollingUpdate", RollingUpdate = new() { Partition = -2 } } },
            "spec.updateStrategy.rollingUpdate.partition: Invalid value: -2: must be greater than or equal to 0"),
        ["rolling on delete"] = (
            spec => spec with { UpdateStrategy = new V1StatefulSetUpdateStrategy { Type = "OnDelete", RollingUpdate = new() { Partition = 1 } } },
            "spec.updateStrategy.rollingUpdate: Invalid value: apps.RollingUpdateStatefulSetStrategy{Partition:1, MaxUnavailable:(*intstr.IntOrString)(nil)}: only allowed for updateStrategy 'RollingUpdate'"),
        ["policy"] = (
            spec => spec with { PodManagementPolicy = "Both" },
            "spec.podManagementPolicy: Invalid value: \"Both\": must be 'OrderedReady' or 'Parallel'"),
        ["retention"] = (
            spec => spec with { PersistentVolumeClaimRetentionPolicy = new() { WhenDeleted = "Keep", WhenScaled = "Retain" } },
            "spec.persistentVolumeClaimRetentionPolicy.whenDeleted: Unsupported value: \"Keep\": supported values: \"Retain\", \"Delete\""),
        ["no containers"] = (spec => WithPod(spec, pod => pod with { Containers = [] }), "spec.template.spec.containers: Required value"),
        ["claim template without request"] = (
            spec => spec with { VolumeClaimTemplates = [spec.VolumeClaimTemplates[0] with { Spec = spec.VolumeClaimTemplates[0].Spec with { Resources = new() } }] },
            "spec.volumeClaimTemplates[0].spec.resources[storage]: Required value"),
    };

    public static TheoryData<string> CaseNames => [.. Cases.Keys];

    [Theory]
    [MemberData(nameof(CaseNames))]
    public void Spec_BreakingOneRule_IsRefusedInUpstreamsWords(string name) =>
        Assert.Equal([Cases[name].Complaint], Complaints(WebWith(Cases[name].Change)));

    [Fact]
    public void Spec_OfTheTutorial_IsFine() => Assert.Empty(Complaints(Create<V1StatefulSet>(Web)));

    // "Name is a DNS label."
    [Theory]
    [InlineData("web.one", "metadata.name: Invalid value: \"web.one\": a lowercase RFC 1123 label must consist of lower case alphanumeric characters or '-', and must start and end with an alphanumeric character (e.g. 'my-name',  or '123-abc', regex used for validation is '[a-z0-9]([-a-z0-9]*[a-z0-9])?')")]
    [InlineData("", "metadata.name: Required value: name or generateName is required")]
    public void Name_ThatIsNoLabel_IsRefused(string name, string complaint)
    {
        var web = Create<V1StatefulSet>(Web);

        Assert.Equal([complaint], Complaints(web with { Metadata = web.Metadata with { Name = name } }));
    }

    [Fact]
    public void Update_OfAFieldThatIsFixed_IsForbidden()
    {
        var web = Create<V1StatefulSet>(Web);

        Assert.Equal(
            ["spec: Forbidden: updates to statefulset spec for fields other than 'replicas', 'ordinals', 'template', 'updateStrategy', 'revisionHistoryLimit', 'persistentVolumeClaimRetentionPolicy' and 'minReadySeconds' are forbidden"],
            UpdateComplaints(web with { Spec = web.Spec with { ServiceName = "other" } }, web));
    }

    [Fact]
    public void Update_OfAllThatMayChange_IsFine()
    {
        var web = Create<V1StatefulSet>(Web);
        var spec = WithPod(web.Spec, pod => pod with { TerminationGracePeriodSeconds = 1 }) with
        {
            Replicas = 0,
            MinReadySeconds = 5,
            Ordinals = new V1StatefulSetOrdinals { Start = 2 },
            RevisionHistoryLimit = 1,
            UpdateStrategy = new V1StatefulSetUpdateStrategy { Type = "OnDelete" },
            PersistentVolumeClaimRetentionPolicy = new() { WhenDeleted = "Delete", WhenScaled = "Delete" },
        };

        Assert.Empty(UpdateComplaints(web with { Spec = spec }, web));
    }

    [Fact]
    public void Status_WithMoreReadyThanReplicas_IsRefused()
    {
        var web = Create<V1StatefulSet>(Web);

        Assert.Equal(
            ["status.readyReplicas: Invalid value: 2: cannot be greater than status.replicas"],
            UpdateComplaints(web with { Status = new V1StatefulSetStatus { Replicas = 1, ReadyReplicas = 2 } }, web, "status"));
    }

    [Fact]
    public void HistoryLimit_BelowZero_IsWarnedOf()
    {
        var web = WebWith(spec => spec with { RevisionHistoryLimit = -1 });

        Assert.Empty(Complaints(web));
        Assert.Equal(
            ["spec.revisionHistoryLimit: a negative value retains all historical revisions; a value >= 0 is recommended"],
            Strategy<V1StatefulSet>().Warnings(web));
    }

    private static V1StatefulSetSpec WithPod(V1StatefulSetSpec spec, Func<V1PodSpec, V1PodSpec> change) =>
        spec with { Template = spec.Template with { Spec = change(spec.Template.Spec) } };
}
