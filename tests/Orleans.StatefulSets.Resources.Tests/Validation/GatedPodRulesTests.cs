using k8s.Models;
using Orleans.StatefulSets.Resources.Validation;

namespace Orleans.StatefulSets.Resources.Tests.Validation;

/// <summary>"You can mutate scheduling directives of Pods while they have scheduling gates, with certain constraints" (Pod Scheduling Readiness).</summary>
public sealed class GatedPodRulesTests
{
    private const string Terms = "spec.affinity.nodeAffinity.requiredDuringSchedulingIgnoredDuringExecution.nodeSelectorTerms";

    // "For .spec.nodeSelector, only additions are allowed. If absent, it will be allowed to be set."
    // "For NodeSelectorTerms in …requiredDuringSchedulingIgnoredDuringExecution: if nil, then setting … is allowed; … if set, then only additions of
    //  NodeSelectorRequirements to matchExpressions or fieldExpressions are allowed", "For …preferred…, all updates are allowed".
    [Theory]
    [InlineData("", "", "disk=ssd", "", "")]
    [InlineData("disk=ssd", "", "disk=ssd,zone=a", "", "")]
    [InlineData("disk=ssd", "", "disk=hdd", "", "spec.nodeSelector")]
    [InlineData("disk=ssd", "", "", "", "spec.nodeSelector")]
    [InlineData("", "", "", "disk", "")]
    [InlineData("", "disk", "", "disk+zone", "")]
    [InlineData("", "disk", "", "zone", Terms + "[0]")]
    [InlineData("", "disk+zone", "", "disk", Terms + "[0]")]
    [InlineData("", "disk", "", "disk|zone", Terms)]
    [InlineData("", "disk", "", "", Terms)]
    public void A_gated_pod_may_only_be_told_more_narrowly_where_to_go(string selector, string affinity, string nextSelector, string nextAffinity, string complaint)
    {
        var errors = new FieldErrors();

        PodUpdateRules.Check(Pod(nextSelector, nextAffinity, gated: true), Pod(selector, affinity, gated: true), errors);

        Assert.Equal(complaint.Length == 0 ? [] : [complaint], errors.All.Select(error => error.Field));
    }

    [Fact]
    public void A_pod_without_gates_stays_where_it_was_told_to_go()
    {
        var errors = new FieldErrors();

        PodUpdateRules.Check(Pod("disk=ssd", "", gated: false), Pod("", "", gated: false), errors);

        Assert.Equal("spec", errors.All.Single().Field);
    }

    private static V1PodSpec Pod(string selector, string affinity, bool gated) => new()
    {
        Containers = [new V1Container { Name = "c", Image = "nginx" }],
        SchedulingGates = gated ? [new V1PodSchedulingGate { Name = "example.com/wait" }] : null,
        NodeSelector = selector.Length == 0 ? null : selector.Split(',').Select(pair => pair.Split('=')).ToDictionary(pair => pair[0], pair => pair[1]),
        Affinity = affinity.Length == 0 ? null : new V1Affinity
        {
            NodeAffinity = new V1NodeAffinity
            {
                RequiredDuringSchedulingIgnoredDuringExecution = new V1NodeSelector
                {
                    NodeSelectorTerms = [.. affinity.Split('|').Select(term => new V1NodeSelectorTerm
                    {
                        MatchExpressions = [.. term.Split('+').Select(key => new V1NodeSelectorRequirement { Key = key, OperatorProperty = "Exists" })],
                    })],
                },
            },
        },
    };
}
