using k8s.Models;
using Orleans.StatefulSets.Resources.Quantities;

namespace Orleans.StatefulSets.Reconciliation.Quotas;

/// <summary>What a Service uses of a quota (pkg/quota/v1/evaluator/core/services.go).</summary>
internal static class ServiceUsage
{
    private const string ObjectCount = "count/services";

    public static IReadOnlyDictionary<string, Amount> Of(V1Service service) => new Dictionary<string, Amount>
    {
        [ObjectCount] = Amount.One,
        ["services"] = Amount.One,
        ["services.loadbalancers"] = Amount.Count(service.Spec?.Type == "LoadBalancer" ? 1 : 0),
        ["services.nodeports"] = Amount.Count(NodePorts(service)),
    };

    /// <summary>Whether a quota's resource is one that Services use (MatchingResources).</summary>
    public static bool Uses(string resource) => resource is ObjectCount or "services" or "services.nodeports" or "services.loadbalancers";

    // By the intent: the ports themselves are given later.
    private static int NodePorts(V1Service service) => service.Spec switch
    {
        { Type: "NodePort" } => service.Spec.Ports?.Count ?? 0,
        { Type: "LoadBalancer", AllocateLoadBalancerNodePorts: false } => service.Spec.Ports?.Count(port => port.NodePort is > 0) ?? 0,
        { Type: "LoadBalancer" } => service.Spec.Ports?.Count ?? 0,
        _ => 0,
    };
}
