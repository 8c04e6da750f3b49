using k8s.Models;
using static Orleans.StatefulSets.Resources.Tests.Strategies.Manifests;

namespace Orleans.StatefulSets.Resources.Tests.Validation;

public sealed class SchedulingRulesTests
{
    [Fact]
    public void NodeAffinity_OfBadTerms_IsRefused() => Assert.Equal(
        [
            "spec.affinity.nodeAffinity.requiredDuringSchedulingIgnoredDuringExecution.nodeSelectorTerms[0].matchExpressions[0].values: Required value: must be specified when `operator` is 'In' or 'NotIn'",
            "spec.affinity.nodeAffinity.requiredDuringSchedulingIgnoredDuringExecution.nodeSelectorTerms[0].matchExpressions[1].values: Required value: must be specified single value when `operator` is 'Lt' or 'Gt'",
            "spec.affinity.nodeAffinity.requiredDuringSchedulingIgnoredDuringExecution.nodeSelectorTerms[0].matchExpressions[2].operator: Invalid value: \"Like\": not a valid selector operator",
            "spec.affinity.nodeAffinity.requiredDuringSchedulingIgnoredDuringExecution.nodeSelectorTerms[0].matchFields[0].key: Invalid value: \"metadata.uid\": not a valid field selector key",
            "spec.affinity.nodeAffinity.preferredDuringSchedulingIgnoredDuringExecution[0].weight: Invalid value: 101: must be in the range 1-100",
        ],
        Of(new V1Affinity
        {
            NodeAffinity = new V1NodeAffinity
            {
                RequiredDuringSchedulingIgnoredDuringExecution = new V1NodeSelector
                {
                    NodeSelectorTerms =
                    [
                        new V1NodeSelectorTerm
                        {
                            MatchExpressions = [Requirement("zone", "In"), Requirement("cores", "Gt", "1", "2"), Requirement("zone", "Like")],
                            MatchFields = [Requirement("metadata.uid", "In", "x")],
                        },
                    ],
                },
                PreferredDuringSchedulingIgnoredDuringExecution = [new V1PreferredSchedulingTerm { Weight = 101, Preference = new V1NodeSelectorTerm() }],
            },
        }));

    [Fact]
    public void NodeAffinity_RequiredWithoutTerms_IsRefused() => Assert.Equal(
        ["spec.affinity.nodeAffinity.requiredDuringSchedulingIgnoredDuringExecution.nodeSelectorTerms: Required value: must have at least one node selector term"],
        Of(new V1Affinity { NodeAffinity = new V1NodeAffinity { RequiredDuringSchedulingIgnoredDuringExecution = new V1NodeSelector { NodeSelectorTerms = [] } } }));

    [Fact]
    public void PodAffinity_WithoutTopologyKeyOrWeight_IsRefused() => Assert.Equal(
        [
            "spec.affinity.podAntiAffinity.requiredDuringSchedulingIgnoredDuringExecution[0].matchLabelKeys: Forbidden: must not be specified when labelSelector is not set",
            "spec.affinity.podAntiAffinity.requiredDuringSchedulingIgnoredDuringExecution[0].topologyKey: Required value: can not be empty",
            "spec.affinity.podAntiAffinity.preferredDuringSchedulingIgnoredDuringExecution[0].weight: Invalid value: 0: must be in the range 1-100",
        ],
        Of(new V1Affinity
        {
            PodAntiAffinity = new V1PodAntiAffinity
            {
                RequiredDuringSchedulingIgnoredDuringExecution = [new V1PodAffinityTerm { MatchLabelKeys = ["rev"] }],
                PreferredDuringSchedulingIgnoredDuringExecution =
                    [new V1WeightedPodAffinityTerm { Weight = 0, PodAffinityTerm = new V1PodAffinityTerm { TopologyKey = "kubernetes.io/hostname" } }],
            },
        }));

    [Fact]
    public void SpreadConstraints_OfBadFieldsOrTwice_AreRefused()
    {
        var constraint = new V1TopologySpreadConstraint { TopologyKey = "zone", MaxSkew = 1, WhenUnsatisfiable = "ScheduleAnyway" };
        var pod = Create<V1Pod>(Pod);
        pod = pod with
        {
            Spec = pod.Spec with
            {
                TopologySpreadConstraints = [constraint with { MaxSkew = 0, NodeTaintsPolicy = "Maybe" }, constraint with { MinDomains = 2 }],
                SchedulingGates = [new V1PodSchedulingGate { Name = "a.io/g" }, new V1PodSchedulingGate { Name = "a.io/g" }],
            },
        };
        Assert.Equal(
            [
                "spec.schedulingGates[1]: Duplicate value: \"a.io/g\"",
                "spec.topologySpreadConstraints[0].maxSkew: Invalid value: 0: must be greater than zero",
                "spec.topologySpreadConstraints[0].{topologyKey, whenUnsatisfiable}: Duplicate value: \"{zone, ScheduleAnyway}\"",
                "spec.topologySpreadConstraints[0].nodeTaintsPolicy: Unsupported value: \"Maybe\": supported values: \"Honor\", \"Ignore\"",
                "spec.topologySpreadConstraints[1].minDomains: Invalid value: 2: can only use minDomains if whenUnsatisfiable=DoNotSchedule, not ScheduleAnyway",
            ],
            Complaints(pod));
    }

    private static IEnumerable<string> Of(V1Affinity affinity) =>
        Create<V1Pod>(Pod) is var pod ? Complaints(pod with { Spec = pod.Spec with { Affinity = affinity } }) : [];

    private static V1NodeSelectorRequirement Requirement(string key, string @operator, params string[] values) =>
        new() { Key = key, OperatorProperty = @operator, Values = values.Length == 0 ? null : values };
}
