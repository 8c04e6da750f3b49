using k8s.Models;
using Orleans.StatefulSets.Resources.Defaulting;
using Orleans.StatefulSets.Resources.Validation;
using Orleans.StatefulSets.Resources.Writing;

namespace Orleans.StatefulSets.Resources.Strategies;

/// <summary>pkg/registry/core/endpoint/strategy.go.</summary>
internal sealed class EndpointsStrategy : ObjectStrategy<V1Endpoints>
{
    protected override V1Endpoints Created(V1Endpoints model, IClusterView cluster, DateTime now) => Fill(model);

    protected override V1Endpoints Updated(V1Endpoints next, V1Endpoints current, string subresource, IClusterView cluster, DateTime now) => Fill(next);

    protected override void Check(V1Endpoints model, FieldErrors errors)
    {
        ObjectMetaRules.Check(model.Metadata, NameRules.Subdomain, errors);
        EndpointsRules.Check(model.Subsets, errors);
    }

    protected override void CheckUpdate(V1Endpoints next, V1Endpoints current, string subresource, FieldErrors errors) =>
        EndpointsRules.Check(next.Subsets, errors);

    protected override IReadOnlyList<string> Warn(V1Endpoints model) => ["v1 Endpoints is deprecated in v1.33+; use discovery.k8s.io/v1 EndpointSlice"];

    private static V1Endpoints Fill(V1Endpoints model)
    {
        var subsets = SharedLists.Each(model.Subsets, FillSubset);
        return ReferenceEquals(subsets, model.Subsets) ? model : model with { Subsets = subsets };
    }

    private static V1EndpointSubset FillSubset(V1EndpointSubset subset)
    {
        var ports = SharedLists.Each(subset.Ports, static port => string.IsNullOrEmpty(port.Protocol) ? port with { Protocol = "TCP" } : port);
        return ReferenceEquals(ports, subset.Ports) ? subset : subset with { Ports = ports };
    }
}
