using k8s;
using k8s.Models;
using Orleans.StatefulSets.Resources.Kinds;
using Orleans.StatefulSets.Resources.Strategies;
using Orleans.StatefulSets.Resources.Tests.Strategies;

namespace Orleans.StatefulSets.Resources.Tests.Validation;

/// <summary>ValidateResourceQuota, in upstream's words.</summary>
public sealed class ResourceQuotaRulesTests
{
    [Theory]
    [InlineData("hard: { pods: 1, requests.cpu: 500m, count/statefulsets.apps: 2, requests.nvidia.com/gpu: 1, gold.storageclass.storage.k8s.io/requests.storage: 1Gi }", "")]
    [InlineData(
        "hard: { gpu: 1 }",
        "spec.hard[gpu]: Invalid value: \"gpu\": must be a standard resource type or fully qualified\nspec.hard[gpu]: Invalid value: \"gpu\": must be a standard resource for quota")]
    [InlineData("hard: { storage: 1Gi }", "spec.hard[storage]: Invalid value: \"storage\": must be a standard resource for quota")]
    [InlineData("hard: { pods: -1 }", "spec.hard[pods]: Invalid value: \"-1\": must be greater than or equal to 0")]
    [InlineData("hard: { pods: 500m }", "spec.hard[pods]: Invalid value: \"500m\": must be an integer")]
    [InlineData("hard: { pods: 1 }, scopes: [ Odd ]", "spec.scopes: Invalid value: []core.ResourceQuotaScope{\"Odd\"}: unsupported scope")]
    // "The BestEffort scope restricts a quota to tracking the following resource: pods."
    [InlineData("hard: { cpu: 1 }, scopes: [ BestEffort ]", "spec.scopes: Invalid value: []core.ResourceQuotaScope{\"BestEffort\"}: unsupported scope applied to resource")]
    // "You cannot specify both the Terminating and the NotTerminating scopes in the same quota."
    [InlineData(
        "hard: { pods: 1 }, scopes: [ Terminating, NotTerminating ]",
        "spec.scopes: Invalid value: []core.ResourceQuotaScope{\"Terminating\", \"NotTerminating\"}: conflicting scopes")]
    [InlineData(
        "hard: { pods: 1 }, scopeSelector: { matchExpressions: [ { scopeName: PriorityClass, operator: In } ] }",
        "spec.scopeSelector.matchExpressions.values: Required value: must be at least one value when `operator` is 'In' or 'NotIn' for scope selector")]
    [InlineData(
        "hard: { pods: 1 }, scopeSelector: { matchExpressions: [ { scopeName: BestEffort, operator: DoesNotExist } ] }",
        "spec.scopeSelector.matchExpressions.operator: Invalid value: \"DoesNotExist\": must be 'Exist' when scope is any of ResourceQuotaScopeTerminating, ResourceQuotaScopeNotTerminating, ResourceQuotaScopeBestEffort, ResourceQuotaScopeNotBestEffort or ResourceQuotaScopeCrossNamespacePodAffinity")]
    [InlineData(
        "hard: { pods: 1 }, scopeSelector: { matchExpressions: [ { scopeName: PriorityClass, operator: Odd } ] }",
        "spec.scopeSelector.matchExpressions.operator: Invalid value: \"Odd\": not a valid selector operator")]
    public void A_quota_must_make_sense(string spec, string complaints) =>
        Assert.Equal(complaints, string.Join('\n', ObjectStrategies.For(ResourceKinds.ResourceQuotas).Validate(Quota(spec), FixedCluster.Empty)));

    // "ensure scopes cannot change" (ValidateResourceQuotaUpdate).
    [Fact]
    public void Scopes_stay_and_amounts_may_change()
    {
        var strategy = ObjectStrategies.For(ResourceKinds.ResourceQuotas);
        var current = Quota("hard: { pods: 1 }, scopes: [ BestEffort ]");

        Assert.Empty(strategy.ValidateUpdate(Quota("hard: { pods: 2 }, scopes: [ BestEffort ]"), current, "", FixedCluster.Empty));
        Assert.Equal(
            "spec.scopes: Invalid value: []core.ResourceQuotaScope(nil): field is immutable",
            Assert.Single(strategy.ValidateUpdate(Quota("hard: { pods: 1 }"), current, "", FixedCluster.Empty)).ToString());
    }

    [Fact]
    public void Spec_and_status_are_written_each_by_its_own_path()
    {
        var strategy = ObjectStrategies.For(ResourceKinds.ResourceQuotas);
        var current = Quota("hard: { pods: 1 }") with { Status = new V1ResourceQuotaStatus { Used = new Dictionary<string, ResourceQuantity> { ["pods"] = new("1") } } };
        var next = Quota("hard: { pods: 2 }") with { Status = new V1ResourceQuotaStatus() };

        var updated = (V1ResourceQuota)strategy.PrepareForUpdate(next, current, "", FixedCluster.Empty, FixedCluster.Now);
        var reported = (V1ResourceQuota)strategy.PrepareForUpdate(next, current, "status", FixedCluster.Empty, FixedCluster.Now);

        Assert.Equal(("2", "1"), (updated.Spec.Hard["pods"].ToString(), updated.Status.Used["pods"].ToString()));
        Assert.Equal("1", reported.Spec.Hard["pods"].ToString());
        Assert.Null(reported.Status.Used);
    }

    private static V1ResourceQuota Quota(string spec) =>
        KubernetesYaml.Deserialize<V1ResourceQuota>($"metadata: {{ name: compute, namespace: default, resourceVersion: '1' }}\nspec: {{ {spec} }}");
}
