using Orleans.StatefulSets.Reconciliation.Quotas;

namespace Orleans.StatefulSets.Reconciliation.Tests.Quotas;

/// <summary>The sentences are those of "Resource Quotas".</summary>
public sealed class QuotaAdmissionTests
{
    private const string Small = "{ name: a, resources: { requests: { cpu: 200m } } }";

    // "If creating or updating a resource violates a quota constraint, the control plane rejects that request with HTTP status code 403
    // Forbidden. The error includes a message explaining the constraint that would have been violated."
    [Theory]
    [InlineData("requests.cpu: 1", "800m", Small, null)]
    [InlineData("requests.cpu: 1", "1", Small, "exceeded quota: compute, requested: requests.cpu=200m, used: requests.cpu=1, limited: requests.cpu=1")]
    [InlineData(
        "requests.cpu: 1, cpu: 100m, pods: 9", "900m", Small,
        "exceeded quota: compute, requested: cpu=200m,requests.cpu=200m, used: cpu=0,requests.cpu=900m, limited: cpu=100m,requests.cpu=1")]
    // What the object does not use is not asked, however much over the quota is.
    [InlineData("requests.cpu: 1, services: 0, requests.memory: 0", "1", "{ name: a, resources: { requests: { memory: 0 , cpu: 0 } } }", null)]
    public void Only_what_is_asked_for_and_limited_can_exceed(string hard, string cpuInUse, string container, string? refusal) => Assert.Equal(
        refusal,
        QuotaAdmission.Check(QuotaCases.Quota(hard), QuotaCases.Amounts(("requests.cpu", cpuInUse)), "pods", QuotaCases.Pod(container), null, QuotaCases.Now).Refusal);

    // "If quota is enabled in a namespace for compute resources like cpu and memory, users must specify requests or limits for those values
    // when they create a Pod; otherwise, the quota system may reject pod creation."
    [Theory]
    [InlineData("limits.cpu: 1", "{ name: nginx }", "failed quota: compute: must specify limits.cpu for: nginx")]
    [InlineData(
        "requests.memory: 1Gi, limits.cpu: 1, pods: 1", "{ name: b }, { name: a, resources: { limits: { cpu: 1 } } }",
        "failed quota: compute: must specify limits.cpu for: b; requests.memory for: a,b")]
    [InlineData("requests.ephemeral-storage: 1Gi, requests.nvidia.com/gpu: 1", "{ name: nginx }", null)]
    public void What_of_cpu_and_memory_is_limited_must_be_specified(string hard, string containers, string? refusal) => Assert.Equal(
        refusal, QuotaAdmission.Check(QuotaCases.Quota(hard), QuotaCases.Amounts(), "pods", QuotaCases.Pod(containers), null, QuotaCases.Now).Refusal);

    // "on updates, we need to subtract the previous measured usage; if usage shows no change, just return" (CheckRequest).
    [Theory]
    [InlineData("1Gi", "2Gi", "requests.storage=1Gi", null)]
    [InlineData("2Gi", "1Gi", "", null)]
    [InlineData("1Gi", "3Gi", "", "exceeded quota: compute, requested: requests.storage=2Gi, used: requests.storage=9Gi, limited: requests.storage=10Gi")]
    public void An_update_is_charged_for_its_growth(string before, string after, string charge, string? refusal)
    {
        var answer = QuotaAdmission.Check(
            QuotaCases.Quota("requests.storage: 10Gi, persistentvolumeclaims: 1"),
            QuotaCases.Amounts(("requests.storage", "9Gi"), ("persistentvolumeclaims", "1")),
            "persistentvolumeclaims",
            QuotaCases.Claim($"resources: {{ requests: {{ storage: {after} }} }}"),
            QuotaCases.Claim($"resources: {{ requests: {{ storage: {before} }} }}"),
            QuotaCases.Now);

        Assert.Equal((charge, refusal), (QuotaCases.Print(answer.Charge), answer.Refusal));
    }

    // "Each quota can have an associated set of scopes. A quota will only measure usage for a resource if it matches the intersection of
    // enumerated scopes."
    [Theory]
    // "Terminating: Match pods where .spec.activeDeadlineSeconds >= 0". "NotTerminating: … is nil".
    [InlineData("scopes: [ Terminating ]", "activeDeadlineSeconds: 5", "", true)]
    [InlineData("scopes: [ Terminating ]", "", "", false)]
    [InlineData("scopes: [ NotTerminating ]", "", "", true)]
    // "BestEffort: Match pods that have best effort quality of service."
    [InlineData("scopes: [ BestEffort ]", "", "qosClass: BestEffort", true)]
    [InlineData("scopes: [ BestEffort ]", "", "qosClass: Burstable", false)]
    [InlineData("scopes: [ NotBestEffort, Terminating ]", "activeDeadlineSeconds: 5", "qosClass: Burstable", true)]
    [InlineData("scopes: [ NotBestEffort, Terminating ]", "", "qosClass: Burstable", false)]
    // "PriorityClass: Match pods that references the specified priority class."
    [InlineData("scopes: [ PriorityClass ]", "priorityClassName: high", "", true)]
    [InlineData("scopes: [ PriorityClass ]", "", "", false)]
    [InlineData("scopeSelector: { matchExpressions: [ { scopeName: PriorityClass, operator: In, values: [ high, low ] } ] }", "priorityClassName: high", "", true)]
    [InlineData("scopeSelector: { matchExpressions: [ { scopeName: PriorityClass, operator: In, values: [ low ] } ] }", "priorityClassName: high", "", false)]
    [InlineData("scopeSelector: { matchExpressions: [ { scopeName: PriorityClass, operator: NotIn, values: [ low ] } ] }", "", "", true)]
    [InlineData("scopeSelector: { matchExpressions: [ { scopeName: PriorityClass, operator: DoesNotExist } ] }", "priorityClassName: high", "", false)]
    // "CrossNamespacePodAffinity: Match pods that have cross-namespace pod (anti)affinity terms."
    [InlineData(
        "scopes: [ CrossNamespacePodAffinity ]",
        "affinity: { podAntiAffinity: { requiredDuringSchedulingIgnoredDuringExecution: [ { topologyKey: zone, namespaces: [ other ] } ] } }", "", true)]
    [InlineData(
        "scopes: [ CrossNamespacePodAffinity ]",
        "affinity: { podAffinity: { preferredDuringSchedulingIgnoredDuringExecution: [ { weight: 1, podAffinityTerm: { topologyKey: zone, namespaceSelector: { } } } ] } }", "", true)]
    [InlineData(
        "scopes: [ CrossNamespacePodAffinity ]",
        "affinity: { podAffinity: { requiredDuringSchedulingIgnoredDuringExecution: [ { topologyKey: zone } ] } }", "", false)]
    public void A_quota_counts_only_what_is_in_all_its_scopes(string scopes, string spec, string status, bool counted)
    {
        var answer = QuotaAdmission.Check(
            QuotaCases.Quota("pods: 1", scopes), QuotaCases.Amounts(), "pods", QuotaCases.Pod("{ name: a }", spec, status), null, QuotaCases.Now);

        Assert.Equal(counted ? "pods=1" : "", QuotaCases.Print(answer.Charge));
    }
}
