using k8s.Models;
using Orleans.StatefulSets.Resources.Defaulting;
using Orleans.StatefulSets.Resources.Validation;
using Orleans.StatefulSets.Resources.Writing;

namespace Orleans.StatefulSets.Resources.Strategies;

/// <summary>pkg/registry/core/service/strategy.go.</summary>
internal sealed class ServiceStrategy : ObjectStrategy<V1Service>
{
    protected override V1Service Created(V1Service model, IClusterView cluster, DateTime now) => model with
    {
        Spec = ServiceDefaults.Fill(model.Spec ?? new V1ServiceSpec()),
        Status = new V1ServiceStatus { LoadBalancer = new V1LoadBalancerStatus() },
    };

    protected override V1Service Updated(V1Service next, V1Service current, string subresource, IClusterView cluster, DateTime now)
    {
        if (subresource == "status")
        {
            return next with { Metadata = KeptMetadata(next.Metadata, current.Metadata), Spec = current.Spec };
        }

        var spec = KeepAllocated(ServiceDefaults.Fill(next.Spec ?? new V1ServiceSpec()), current.Spec);
        return next with { Spec = ServiceDefaults.Fill(spec), Status = current.Status };
    }

    protected override void Check(V1Service model, FieldErrors errors)
    {
        ObjectMetaRules.Check(model.Metadata, NameRules.Dns1035, errors);
        ServiceRules.Check(model.Spec, errors);
    }

    protected override void CheckUpdate(V1Service next, V1Service current, string subresource, FieldErrors errors)
    {
        if (subresource.Length == 0)
        {
            ServiceRules.Check(next.Spec, errors);
            ServiceRules.CheckUpdate(next.Spec, current.Spec, errors);
        }
    }

    // A client that writes a manifest again leaves out what was allocated (patchAllocatedValues).
    private static V1ServiceSpec KeepAllocated(V1ServiceSpec next, V1ServiceSpec current)
    {
        if (!HasClusterIP(next) || !HasClusterIP(current))
        {
            return next;
        }

        var kept = string.IsNullOrEmpty(next.ClusterIP) && next.ClusterIPs is not { Count: > 0 }
            ? next with { ClusterIP = current.ClusterIP, ClusterIPs = current.ClusterIPs }
            : next;
        return HasNodePorts(next) && HasNodePorts(current)
            ? kept with { Ports = SharedLists.Each(kept.Ports, port => KeepNodePort(port, current.Ports)) }
            : kept;
    }

    private static V1ServicePort KeepNodePort(V1ServicePort port, IList<V1ServicePort>? current) =>
        port.NodePort is null or 0 && current?.FirstOrDefault(other => other.Port == port.Port && other.Protocol == port.Protocol) is { NodePort: > 0 } before
            ? port with { NodePort = before.NodePort }
            : port;

    private static bool HasClusterIP(V1ServiceSpec spec) => spec.Type != "ExternalName";

    private static bool HasNodePorts(V1ServiceSpec spec) =>
        spec.Type == "NodePort" || (spec.Type == "LoadBalancer" && spec.AllocateLoadBalancerNodePorts != false);
}
