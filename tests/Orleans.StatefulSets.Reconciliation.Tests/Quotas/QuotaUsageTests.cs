using Orleans.StatefulSets.Reconciliation.Quotas;

namespace Orleans.StatefulSets.Reconciliation.Tests.Quotas;

/// <summary>The sentences are those of "Resource Quotas".</summary>
public sealed class QuotaUsageTests
{
    // "requests.cpu: Across all pods in a non-terminal state, the sum of CPU requests cannot exceed this value."
    // "cpu: Same as requests.cpu". "limits.memory: … the sum of memory limits cannot exceed this value."
    // "pods: The total number of Pods in a non-terminal state that can exist in the namespace."
    [Theory]
    [InlineData("{ name: a }", "", "count/pods=1 pods=1")]
    [InlineData(
        "{ name: a, resources: { requests: { cpu: 100m, memory: 64Mi }, limits: { cpu: 1 } } }, { name: b, resources: { requests: { cpu: 150m } } }",
        "",
        "count/pods=1 cpu=250m limits.cpu=1 memory=64Mi pods=1 requests.cpu=250m requests.memory=64Mi")]
    // An init container needs what it needs before the others run; one that restarts always runs beside them.
    [InlineData(
        "{ name: a, resources: { requests: { cpu: 200m } } }",
        "initContainers: [ { name: i, resources: { requests: { cpu: 1 } } } ]",
        "count/pods=1 cpu=1 pods=1 requests.cpu=1")]
    [InlineData(
        "{ name: a, resources: { requests: { cpu: 200m } } }",
        "initContainers: [ { name: s, restartPolicy: Always, resources: { requests: { cpu: 100m } } }, { name: i, resources: { requests: { cpu: 150m } } } ]",
        "count/pods=1 cpu=300m pods=1 requests.cpu=300m")]
    [InlineData(
        "{ name: a, resources: { requests: { cpu: 200m } } }",
        "overhead: { cpu: 50m, memory: 1Mi }",
        "count/pods=1 cpu=250m memory=1Mi pods=1 requests.cpu=250m requests.memory=1Mi")]
    // "As overcommit is not allowed for extended resources, it makes no sense to specify both requests and limits for the same extended
    // resource in a quota. So for extended resources, only quota items with prefix requests. are allowed."
    [InlineData(
        "{ name: a, resources: { requests: { nvidia.com/gpu: 2, hugepages-2Mi: 4Mi }, limits: { nvidia.com/gpu: 2, hugepages-2Mi: 4Mi } } }",
        "",
        "count/pods=1 hugepages-2Mi=4Mi pods=1 requests.hugepages-2Mi=4Mi requests.nvidia.com/gpu=2")]
    [InlineData(
        "{ name: a, resources: { requests: { ephemeral-storage: 1Gi }, limits: { ephemeral-storage: 2Gi } } }",
        "",
        "count/pods=1 ephemeral-storage=1Gi limits.ephemeral-storage=2Gi pods=1 requests.ephemeral-storage=1Gi")]
    public void A_pod_uses_what_its_containers_ask_for(string containers, string spec, string usage) =>
        Assert.Equal(usage, QuotaCases.Usage("pods", QuotaCases.Pod(containers, spec)));

    // "A Pod is in a terminal state if .status.phase in (Failed, Succeeded) is true." count/pods counts all that are stored.
    // "if pods are stuck terminating (for example, a node is lost), we do not want to charge the user for that pod" (QuotaV1Pod).
    [Theory]
    [InlineData("phase: Running", "", "count/pods=1 pods=1")]
    [InlineData("phase: Succeeded", "", "count/pods=1")]
    [InlineData("phase: Failed", "", "count/pods=1")]
    [InlineData("phase: Running", "deletionTimestamp: '2026-01-02T03:03:36Z', deletionGracePeriodSeconds: 30", "count/pods=1 pods=1")]
    [InlineData("phase: Running", "deletionTimestamp: '2026-01-02T03:03:34Z', deletionGracePeriodSeconds: 30", "count/pods=1")]
    public void A_pod_that_ended_uses_only_its_place(string status, string metadata, string usage) =>
        Assert.Equal(usage, QuotaCases.Usage("pods", QuotaCases.Pod("{ name: a }", status: status, metadata: metadata)));

    // "<storage-class-name>.storageclass.storage.k8s.io/requests.storage: Across all persistent volume claims associated with the
    // <storage-class-name>, the sum of storage requests cannot exceed this value."
    [Theory]
    [InlineData("resources: { requests: { storage: 1Gi } }", "", "count/persistentvolumeclaims=1 persistentvolumeclaims=1 requests.storage=1Gi")]
    [InlineData(
        "storageClassName: gold, resources: { requests: { storage: 1Gi } }",
        "",
        "count/persistentvolumeclaims=1 gold.storageclass.storage.k8s.io/persistentvolumeclaims=1 gold.storageclass.storage.k8s.io/requests.storage=1Gi persistentvolumeclaims=1 requests.storage=1Gi")]
    [InlineData(
        "resources: { requests: { storage: 1Gi } }", "allocatedResources: { storage: 2Gi }", "count/persistentvolumeclaims=1 persistentvolumeclaims=1 requests.storage=2Gi")]
    public void A_claim_uses_what_it_asks_for_also_of_its_class(string spec, string status, string usage) =>
        Assert.Equal(usage, QuotaCases.Usage("persistentvolumeclaims", QuotaCases.Claim(spec, status)));

    // "services.nodeports: The total number of NodePorts allocated to Services of type NodePort or LoadBalancer that can exist in the namespace."
    [Theory]
    [InlineData("ports: [ { port: 80 } ]", 0, 0)]
    [InlineData("type: NodePort, ports: [ { port: 80 }, { port: 81 } ]", 0, 2)]
    [InlineData("type: LoadBalancer, ports: [ { port: 80 } ]", 1, 1)]
    [InlineData("type: LoadBalancer, allocateLoadBalancerNodePorts: false, ports: [ { port: 80 }, { port: 81, nodePort: 30000 } ]", 1, 1)]
    public void A_service_uses_balancers_and_node_ports_by_its_type(string spec, int balancers, int nodePorts) => Assert.Equal(
        $"count/services=1 services=1 services.loadbalancers={balancers} services.nodeports={nodePorts}", QuotaCases.Usage("services", QuotaCases.Service(spec)));

    // "count/<resource>.<group> for resources from non-core groups; count/<resource> for resources from the core group."
    [Theory]
    [InlineData("statefulsets.apps", "count/statefulsets.apps=1")]
    [InlineData("configmaps", "configmaps=1 count/configmaps=1")]
    [InlineData("resourcequotas", "count/resourcequotas=1 resourcequotas=1")]
    [InlineData("podtemplates", "count/podtemplates=1")]
    public void Anything_else_is_counted_by_its_name(string resource, string usage) => Assert.Equal(usage, QuotaCases.Usage(resource, new object()));

    [Theory]
    [InlineData("pods", "requests.nvidia.com/gpu", true)]
    [InlineData("pods", "requests.storage", false)]
    [InlineData("pods", "count/pods", true)]
    [InlineData("pods", "services", false)]
    [InlineData("persistentvolumeclaims", "gold.storageclass.storage.k8s.io/requests.storage", true)]
    [InlineData("persistentvolumeclaims", "pods", false)]
    [InlineData("services", "services.nodeports", true)]
    [InlineData("secrets", "secrets", true)]
    [InlineData("statefulsets.apps", "statefulsets", false)]
    [InlineData("events", "count/events", false)]
    public void A_limit_concerns_the_kind_that_uses_it(string resource, string limited, bool concerns) => Assert.Equal(concerns, QuotaUsage.Concerns(resource, limited));
}
