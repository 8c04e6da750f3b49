using k8s.Models;
using Orleans.StatefulSets.Reconciliation.Scheduling;

namespace Orleans.StatefulSets.Reconciliation.Tests.Scheduling;

/// <summary>The sentences of a 1.33 scheduler, whole.</summary>
public sealed class SchedulingRefusalTests
{
    private const string NoVictims3 = " preemption: 0/3 nodes are available: 3 No preemption victims found for incoming pod.";
    private const string NoHelp3 = " preemption: 0/3 nodes are available: 3 Preemption is not helpful for scheduling.";

    [Fact]
    public void Without_a_node_there_is_none() =>
        Assert.Equal("no nodes available to schedule pods", Given.Scheduler().Refuse(Given.Pod("web-0")));

    [Fact]
    public void Full_nodes_say_too_many_pods()
    {
        var scheduler = Three(node => node with { Status = Given.Node("x", pods: 0).Status });
        Assert.Equal("0/3 nodes are available: 3 Too many pods." + NoVictims3, scheduler.Refuse(Given.Pod("web-0")));
    }

    [Fact]
    public void A_request_beyond_any_node_is_not_helped_by_preemption() => Assert.Equal(
        "0/3 nodes are available: 3 Insufficient cpu, 3 Insufficient memory." + NoHelp3,
        Three().Refuse(Given.Pod("web-0", cpu: "5", memory: "9Gi")));

    [Fact]
    public void Cpu_taken_by_others_is_counted_in_thousandths()
    {
        var scheduler = Given.Scheduler(Given.Node("node-1"));
        Assert.Equal("node-1", scheduler.Assign(Given.Pod("a", cpu: "3500m")));
        Assert.Equal(
            "0/1 nodes are available: 1 Insufficient cpu. preemption: 0/1 nodes are available: 1 No preemption victims found for incoming pod.",
            scheduler.Refuse(Given.Pod("b", cpu: "501m")));
        Assert.Equal("node-1", scheduler.Assign(Given.Pod("c", cpu: "500m")));
    }

    [Fact]
    public void Cordoned_nodes_are_unschedulable() => Assert.Equal(
        "0/3 nodes are available: 3 node(s) were unschedulable." + NoHelp3,
        Three(node => node with { Spec = new V1NodeSpec { Unschedulable = true } }).Refuse(Given.Pod("web-0")));

    [Theory]
    [InlineData("NoSchedule", "", "node(s) had untolerated taint {node.kubernetes.io/not-ready: }")]
    [InlineData("NoExecute", "yes", "node(s) had untolerated taint {node.kubernetes.io/not-ready: yes}")]
    public void A_taint_is_named_with_its_value(string effect, string value, string reason) => Assert.Equal(
        $"0/3 nodes are available: 3 {reason}.{NoHelp3}",
        Three(node => Tainted(node, effect, value)).Refuse(Given.Pod("web-0")));

    [Fact]
    public void A_taint_of_preference_keeps_nobody_away() =>
        Assert.NotNull(Three(node => Tainted(node, "PreferNoSchedule", "")).Assign(Given.Pod("web-0")));

    [Theory]
    [InlineData("node.kubernetes.io/not-ready", "Exists", null, "NoSchedule", true)]
    [InlineData("node.kubernetes.io/not-ready", "Exists", null, null, true)]
    [InlineData(null, "Exists", null, null, true)]
    [InlineData("node.kubernetes.io/not-ready", "Equal", "v", "NoSchedule", true)]
    [InlineData("node.kubernetes.io/not-ready", null, "v", "NoSchedule", true)]
    [InlineData("node.kubernetes.io/not-ready", "Equal", "w", "NoSchedule", false)]
    [InlineData("node.kubernetes.io/not-ready", "Exists", null, "NoExecute", false)]
    [InlineData("other", "Exists", null, null, false)]
    public void A_toleration_fits_by_key_operator_value_and_effect(string? key, string? @operator, string? value, string? effect, bool fits)
    {
        var pod = Given.Pod("web-0");
        pod = pod with
        {
            Spec = pod.Spec with { Tolerations = [new V1Toleration { Key = key, OperatorProperty = @operator, Value = value, Effect = effect }] },
        };
        Assert.Equal(fits, Three(node => Tainted(node, "NoSchedule", "v")).Assign(pod) is not null);
    }

    [Fact]
    public void A_node_selector_that_nobody_meets()
    {
        var pod = Given.Pod("web-0");
        pod = pod with { Spec = pod.Spec with { NodeSelector = new Dictionary<string, string> { ["disk"] = "ssd" } } };
        Assert.Equal("0/3 nodes are available: 3 node(s) didn't match Pod's node affinity/selector." + NoHelp3, Three().Refuse(pod));
    }

    [Theory]
    [InlineData("In", "node-2,node-3", "node-2 node-3")]
    [InlineData("NotIn", "node-2,node-3", "node-1")]
    [InlineData("Exists", "", "node-1 node-2 node-3")]
    [InlineData("DoesNotExist", "", "")]
    public void Node_affinity_goes_by_its_expressions(string @operator, string values, string expected)
    {
        var selector = Selector("kubernetes.io/hostname", @operator, values.Split(',', StringSplitOptions.RemoveEmptyEntries));
        var matching = new[] { "node-1", "node-2", "node-3" }.Where(name => NodeSelectors.Matches(selector, Given.Node(name)));
        Assert.Equal(expected, string.Join(' ', matching));
    }

    [Theory]
    [InlineData("Gt", "3", true)]
    [InlineData("Gt", "4", false)]
    [InlineData("Lt", "5", true)]
    [InlineData("Lt", "four", false)]
    public void Node_affinity_compares_whole_numbers(string @operator, string bound, bool matches) =>
        Assert.Equal(matches, NodeSelectors.Matches(Selector("cores", @operator, bound), Given.Node("node-1", cpu: "4")));

    [Fact]
    public void A_term_without_requirements_means_no_node() =>
        Assert.False(NodeSelectors.Matches(new V1NodeSelector { NodeSelectorTerms = [new V1NodeSelectorTerm()] }, Given.Node("node-1")));

    [Fact]
    public void Reasons_are_counted_and_in_the_order_of_their_text()
    {
        var scheduler = Given.Scheduler(
            Given.Node("node-1", pods: 0), Tainted(Given.Node("node-2"), "NoSchedule", ""), Given.Node("node-3", pods: 0, cpu: "1"));
        scheduler.ObservePod(Given.Pod("other", cpu: "500m").On("node-3"), 5);
        Assert.Equal(
            "0/3 nodes are available: 1 Insufficient cpu, 1 node(s) had untolerated taint {node.kubernetes.io/not-ready: }, 2 Too many pods."
            + " preemption: 0/3 nodes are available: 1 Preemption is not helpful for scheduling, 2 No preemption victims found for incoming pod.",
            scheduler.Refuse(Given.Pod("web-0", cpu: "1")));
    }

    [Theory]
    [InlineData(ClaimReadiness.Missing, "persistentvolumeclaim \"www-web-0\" not found")]
    [InlineData(ClaimReadiness.Deleting, "persistentvolumeclaim \"www-web-0\" is being deleted")]
    [InlineData(ClaimReadiness.Lost, "persistentvolumeclaim \"www-web-0\" bound to non-existent persistentvolume \"pv-1\"")]
    [InlineData(ClaimReadiness.UnboundImmediate, "pod has unbound immediate PersistentVolumeClaims")]
    public void A_claim_that_is_not_there_yet_keeps_the_pod_everywhere(ClaimReadiness readiness, string reason) => Assert.Equal(
        $"0/3 nodes are available: {reason}.{NoHelp3}",
        Three().Refuse(Given.Pod("web-0"), new SchedulingClaim { Name = "www-web-0", Readiness = readiness, VolumeName = "pv-1" }));

    // "ReadWriteOncePod: the volume can be mounted as read-write by a single Pod."
    [Fact]
    public void A_claim_for_one_pod_that_another_one_has_keeps_the_pod_away() => Assert.Equal(
        "0/3 nodes are available: 3 node has pod using PersistentVolumeClaim with the same name and ReadWriteOncePod access mode."
        + " preemption: 0/3 nodes are available: 3 Preemption is not helpful for scheduling.",
        Three().Refuse(Given.Pod("web-0"), new SchedulingClaim { Name = "c", Readiness = ClaimReadiness.Bound, IsTaken = true }));

    [Fact]
    public void A_bound_volume_pulls_its_pod_to_its_node()
    {
        var claim = new SchedulingClaim { Name = "c", Readiness = ClaimReadiness.Bound, VolumeAffinity = Selector("kubernetes.io/hostname", "In", "node-2") };
        Assert.Equal("node-2", Three().Assign(Given.Pod("web-0"), new SchedulingClaims([claim])).NodeOf());
        var elsewhere = claim with { VolumeAffinity = Selector("kubernetes.io/hostname", "In", "node-9") };
        Assert.Equal("0/3 nodes are available: 3 node(s) had volume node affinity conflict." + NoHelp3, Three().Refuse(Given.Pod("web-0"), elsewhere));
    }

    [Fact]
    public void A_claim_that_waits_for_its_consumer_goes_where_a_volume_is_or_can_be_made()
    {
        var volume = new V1PersistentVolume
        {
            Spec = new V1PersistentVolumeSpec
            {
                NodeAffinity = new V1VolumeNodeAffinity { Required = Selector("kubernetes.io/hostname", "In", "node-3") },
            },
        };
        var claim = new SchedulingClaim { Name = "c", Readiness = ClaimReadiness.WaitForFirstConsumer };
        Assert.NotNull(Three().Assign(Given.Pod("web-0"), new SchedulingClaims([claim])).NodeOf());
        claim = claim with { CanProvision = false, Candidates = [volume] };
        Assert.Equal("node-3", Three().Assign(Given.Pod("web-0"), new SchedulingClaims([claim])).NodeOf());
        Assert.Equal(
            "0/3 nodes are available: 3 node(s) didn't find available persistent volumes to bind." + NoHelp3,
            Three().Refuse(Given.Pod("web-0"), claim with { Candidates = [] }));
    }

    private static SchedulerSummary Three(Func<V1Node, V1Node>? change = null) =>
        Given.Scheduler([.. new[] { "node-1", "node-2", "node-3" }.Select(name => Given.Node(name)).Select(change ?? (node => node))]);

    private static V1Node Tainted(V1Node node, string effect, string value) => node with
    {
        Spec = new V1NodeSpec { Taints = [new V1Taint { Key = "node.kubernetes.io/not-ready", Effect = effect, Value = value }] },
    };

    private static V1NodeSelector Selector(string key, string @operator, params string[] values) => new()
    {
        NodeSelectorTerms =
        [
            new V1NodeSelectorTerm { MatchExpressions = [new V1NodeSelectorRequirement { Key = key, OperatorProperty = @operator, Values = values }] },
        ],
    };
}
