using Orleans.StatefulSets.Acceptance.Tests.Kubectl;
using Orleans.StatefulSets.Acceptance.Tests.Servers;

namespace Orleans.StatefulSets.Acceptance.Tests.Nodes;

/// <summary>
/// A quorum whose members may not share a node, on too few nodes: the tutorial "Running ZooKeeper, A Distributed System Coordinator",
/// "Tolerating Node Failure" and "Surviving maintenance".
/// </summary>
public sealed class QuorumTests
{
    private const string Quorum = """
        apiVersion: v1
        kind: List
        items:
        - apiVersion: policy/v1
          kind: PodDisruptionBudget
          metadata: { name: zk-pdb }
          spec: { maxUnavailable: 1, selector: { matchLabels: { app: zk } } }
        - apiVersion: apps/v1
          kind: StatefulSet
          metadata: { name: zk }
          spec:
            serviceName: zk-hs
            replicas: 3
            podManagementPolicy: OrderedReady
            selector: { matchLabels: { app: zk } }
            template:
              metadata: { labels: { app: zk } }
              spec:
                affinity:
                  podAntiAffinity:
                    requiredDuringSchedulingIgnoredDuringExecution:
                    - { topologyKey: kubernetes.io/hostname, labelSelector: { matchExpressions: [ { key: app, operator: In, values: [ zk ] } ] } }
                containers: [ { name: zookeeper, image: 'registry.k8s.io/kubernetes-zookeeper:1.0-3.4.10' } ]
        """;

    private const string TwoTaken = "0/2 nodes are available: 2 node(s) didn't match pod anti-affinity rules.";

    [SkippableTheory]
    [MemberData(nameof(KubectlVersion.Both), MemberType = typeof(KubectlVersion))]
    public async Task The_third_member_waits_for_a_third_node_and_a_drain_waits_for_the_member(string version)
    {
        await using var server = await ServerProcess.StartAsync("--latency", "none", "--storage", "memory", "--nodes", "2");
        var kubectl = await server.OpenAsync(version);
        await kubectl.CreateAsync(Quorum);

        await kubectl.UntilShownAsync("get pods", row => row is ["zk-2", "0/1", "Pending", ..]);
        await kubectl.UntilShownAsync("get sts zk", row => row is ["zk", "2/3", ..]);
        await kubectl.UntilToldAsync("describe pod zk-2", TwoTaken);
        Assert.Equal(2, (await NodesAsync(kubectl)).Distinct().Count());

        await kubectl.CreateAsync("""{"apiVersion":"v1","kind":"Node","metadata":{"name":"third"}}""");
        await kubectl.OutputAsync("rollout status sts/zk --timeout=30s");
        Assert.Equal(3, (await NodesAsync(kubectl)).Distinct().Count());

        // "zk-… cannot be rescheduled … the drain of the next node is refused by the budget": the member of the first is Pending.
        var drained = (await NodesAsync(kubectl))[0];
        Assert.Contains($"node/{drained} drained", await kubectl.OutputAsync($"drain {drained} --timeout=30s"), StringComparison.Ordinal);
        await kubectl.UntilShownAsync("get pods", row => row is ["zk-0", "0/1", "Pending", ..]);
        await kubectl.UntilToldAsync("describe pod zk-0", "0/3 nodes are available: 1 node(s) were unschedulable, 2 node(s) didn't match pod anti-affinity rules.");
        var second = (await kubectl.OutputAsync("get pod zk-1 -o jsonpath={.spec.nodeName}")).Trim();
        var refused = await kubectl.RefusalAsync($"drain {second} --timeout=3s");
        Assert.Contains("Cannot evict pod as it would violate the pod's disruption budget.", refused, StringComparison.Ordinal);
        await kubectl.UntilShownAsync("get pods", row => row is ["zk-1", "1/1", "Running", ..]);

        await kubectl.OutputAsync($"uncordon {drained}");
        await kubectl.UntilShownAsync("get sts zk", row => row is ["zk", "3/3", ..]);
        Assert.Contains($"node/{second} drained", await kubectl.OutputAsync($"drain {second} --timeout=30s"), StringComparison.Ordinal);
    }

    private static async Task<IReadOnlyList<string>> NodesAsync(KubectlSession kubectl) =>
        (await kubectl.OutputAsync("get pods -o jsonpath={.items[*].spec.nodeName}")).Split(' ', StringSplitOptions.RemoveEmptyEntries);
}
