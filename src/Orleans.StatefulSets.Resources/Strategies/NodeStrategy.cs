using k8s.Models;
using Orleans.StatefulSets.Resources.Validation;
using Orleans.StatefulSets.Resources.Writing;

namespace Orleans.StatefulSets.Resources.Strategies;

/// <summary>pkg/registry/core/node/strategy.go: a node registers itself, so what it says of its status at creation stands.</summary>
internal sealed class NodeStrategy : ObjectStrategy<V1Node>
{
    protected override V1Node Created(V1Node model, IClusterView cluster, DateTime now) => model with
    {
        Spec = model.Spec ?? new V1NodeSpec(),
        Status = Fill(model.Status ?? new V1NodeStatus()),
    };

    protected override V1Node Updated(V1Node next, V1Node current, string subresource, IClusterView cluster, DateTime now) => subresource == "status"
        ? next with { Metadata = KeptMetadata(next.Metadata, current.Metadata), Spec = current.Spec, Status = Fill(next.Status ?? new V1NodeStatus()) }
        : next with { Spec = next.Spec ?? new V1NodeSpec(), Status = current.Status };

    protected override void Check(V1Node model, FieldErrors errors)
    {
        ObjectMetaRules.Check(model.Metadata, NameRules.Subdomain, errors);
        NodeRules.Check(model.Spec, errors);
    }

    protected override void CheckUpdate(V1Node next, V1Node current, string subresource, FieldErrors errors)
    {
        if (subresource.Length == 0)
        {
            NodeRules.Check(next.Spec, errors);
            NodeRules.CheckUpdate(next.Spec, current.Spec, errors);
        }
    }

    // SetDefaults_NodeStatus: what can be allocated is, unless it is said, all there is.
    private static V1NodeStatus Fill(V1NodeStatus status) =>
        status.Allocatable is null && status.Capacity is { Count: > 0 } ? status with { Allocatable = status.Capacity } : status;
}
